/// The attacks by their names, as `attack.py --list` has them.
extension AttackTests {
  /// By an answer, a file or a server's words.
  static let answers = [
    "an-answer-that-names-a-record-does-not-move-its-secrets",
    "an-input-that-names-a-user-does-not-move-his-secrets",
    "an-endpoint-is-compared-by-what-it-leads-to",
    "the-way-a-client-proves-itself-is-not-anothers-word",
    "an-endpoint-where-there-was-none-is-a-move",
    "an-api-domain-that-chooses-another-accounts-server-is-a-move",
    "an-endpoint-is-not-moved-in-two-steps",
    "an-input-with-every-secret-or-the-users-word-moves-an-endpoint",
    "a-user-of-two-clients-is-not-the-oldest-of-them",
    "a-token-of-two-clients-names-neither",
    "an-answer-with-an-id-makes-no-second-record",
    "an-answer-saved-as-one-says-neither-whose-it-is-nor-where-it-goes",
    "a-servers-answer-to-a-refresh-says-no-more",
  ]

  /// By an attacker who can write the vault's file and has no key.
  static let memory = [
    "a-vault-that-was-swapped-for-another-is-not-opened",
    "a-link-that-leads-to-another-vault-is-not-followed",
    "a-linked-directory-that-leads-to-another-vault-is-not-followed",
    "a-vault-that-was-removed-is-not-made-anew",
    "a-vault-that-was-removed-where-it-was-named-is-not-made-anew",
    "the-previous-snapshot-of-another-vault-is-not-restored",
    "a-memory-that-others-can-reach-still-counts",
    "a-memory-that-others-can-read-still-names-the-store",
    "an-older-vault-is-refused-wherever-it-lies",
    "what-lies-beside-the-key-is-not-the-only-memory",
    "an-older-vault-is-no-newer-one-for-another-key",
    "a-restore-says-how-far-it-goes-back",
    "an-older-vault-is-not-written",
    "an-equal-generation-with-other-content-is-not-opened",
    "an-equal-generation-of-a-large-vault-is-not-opened",
  ]

  /// By an attacker who had the data key once and can write the file.
  static let slots = [
    "a-planted-recovery-slot-does-not-survive-a-rotation",
    "a-planted-public-key-does-not-survive-a-rotation",
    "an-added-slot-does-not-survive-a-rotation",
    "a-planted-slot-is-accepted-by-word-alone",
    "a-repair-of-a-lost-snapshot-does-not-bring-a-planted-slot-in",
    "a-restore-does-not-bring-a-planted-slot-in",
    "a-vault-without-this-hosts-slot-is-not-opened-by-another",
    "this-hosts-slot-does-not-go-unseen",
    "an-old-data-key-does-not-forge-after-a-rotation-that-kept-the-key",
    "an-old-header-does-not-come-back-after-a-rotation-that-kept-the-key",
  ]

  /// By the same, after a rotation.
  static let rotation = [
    "after-a-rotation-the-old-data-key-is-worth-nothing-to-the-key-file",
    "after-a-rotation-the-old-data-key-is-worth-nothing-to-another-key-file",
    "after-a-rotation-the-old-data-key-is-worth-nothing-to-a-passphrase",
    "after-a-rotation-the-old-data-key-is-worth-nothing-to-a-recovery-code",
    "after-a-rotation-the-old-header-is-worth-nothing-to-the-key-file",
    "after-a-rotation-the-old-header-is-worth-nothing-to-another-key-file",
    "after-a-rotation-the-old-header-is-worth-nothing-to-a-passphrase",
    "after-a-rotation-the-old-header-is-worth-nothing-to-a-recovery-code",
  ]

  /// By the same, through the commands that bring a vault back.
  static let waysBack = [
    "a-restore-does-not-bring-a-forgery-in",
    "a-repair-does-not-accept-a-forgery",
    "a-repair-does-not-take-another-vault-or-an-older-one",
    "a-repair-does-not-take-a-planted-slot-for-seen",
  ]

  /// By the characters of a token or a name.
  static let lines = [
    "a-stored-token-with-control-characters-is-not-printed",
    "a-servers-token-with-control-characters-is-neither-stored-nor-printed",
    "a-servers-refresh-token-with-control-characters-is-not-stored",
    "no-way-to-refresh-takes-a-token-with-control-characters",
    "a-servers-error-is-no-line-of-its-own",
    "json-output-has-no-character-that-a-terminal-acts-on",
    "the-line-of-the-documentation-sends-no-header-of-the-servers",
  ]

  /// By what a header asks for.
  static let costs = [
    "a-header-does-not-ask-for-a-gigabyte",
    "a-planted-passphrase-slot-does-not-ask-for-a-gigabyte",
    "many-passphrase-slots-cost-one-scrypt-each-and-no-more-memory",
  ]

  /// By another user of the machine.
  static let directories = [
    "a-vault-in-a-directory-that-others-can-write-is-refused",
    "a-vault-below-a-directory-that-others-can-write-is-refused",
    "a-key-in-a-directory-that-others-can-write-is-refused",
    "a-state-directory-that-others-can-write-is-refused",
    "a-vault-in-a-directory-that-only-its-user-can-write-is-opened",
    "a-name-without-a-directory-is-looked-for-in-a-safe-one",
    "a-private-group-of-the-user-does-not-count-as-others",
    "root-makes-nothing-in-the-home-of-another-user",
    "root-does-not-take-the-vault-of-another-user",
    "the-hint-for-another-users-vault-is-to-be-that-user",
    "a-directory-that-bars-the-way-is-named-with-its-owner",
    "a-strangers-link-in-a-sticky-directory-is-not-followed",
    "what-a-stranger-puts-beside-a-vault-is-not-used",
  ]

  /// What the attacks rest on: the vaults that their writer makes are read.
  static let writing = [
    "a-vault-that-was-written-by-another-program-is-read",
    "a-large-vault-that-was-written-by-another-program-is-read",
    "a-vault-in-csv-that-was-written-by-another-program-is-read",
  ]
}
