/// The names that a Swift source declares and uses; comments and string literals have none.
struct SourceNames {
  /// Types declared at file level that other files can use.
  private(set) var types: Set<String> = []
  /// Those that are not public.
  private(set) var hiddenTypes: Set<String> = []
  /// Functions, properties, cases and nested types that a type or an extension declares.
  private(set) var members: Set<String> = []
  /// All that this file declares, variables and labels too: a use in it tells nothing of another file.
  private(set) var own: Set<String> = []
  /// All identifiers.
  private(set) var words: Set<String> = []
  /// Identifiers behind a period.
  private(set) var usedMembers: Set<String> = []

  private static let typeKeywords: Set<String> = [
    "struct", "class", "enum", "protocol", "actor", "typealias",
  ]
  private static let valueKeywords: Set<String> = ["var", "let", "case"]
  private static let isLetter: [Bool] = (0...255).map { (byte: Int) in
    let character = Character(UnicodeScalar(UInt8(byte)))
    return byte < 128 && (character.isLetter || character.isNumber || character == "_")
  }

  private let bytes: [UInt8]
  private var place = 0
  /// Blanks at the start of the line, and whether it declares something that other files, or all programs, can see.
  private var indentation = 0
  private var isHidden = false
  private var isPublic = false
  private var isCase = false
  private var last = ""

  init(_ text: String) {
    bytes = Array(text.utf8) + [10, 10, 10]
    while place < bytes.count - 3 { scan(bytes[place]) }
  }

  private mutating func scan(_ byte: UInt8) {
    if Self.isLetter[Int(byte)] { return scanWord() }
    switch byte {
    case 10: beginLine()
    case 47 where bytes[place + 1] == 47: skipComment()
    case 34: skipLiteral()
    default: place += 1
    }
  }

  private mutating func beginLine() {
    (isHidden, isPublic, isCase) = (false, false, false)
    (last, place) = ("", place + 1)
    let start = place
    while bytes[place] == 32 { place += 1 }
    indentation = place - start
  }

  private mutating func skipComment() {
    while bytes[place] != 10 { place += 1 }
  }

  private mutating func skipLiteral() {
    if bytes[place + 1] == 34, bytes[place + 2] == 34 {
      place += 3
      while place < bytes.count - 3, bytes[place..<place + 3] != [34, 34, 34] { place += 1 }
      place += 3
      return
    }
    place += 1
    while bytes[place] != 34, bytes[place] != 10 { place += bytes[place] == 92 ? 2 : 1 }
    place += 1
  }

  private mutating func scanWord() {
    let start = place
    while Self.isLetter[Int(bytes[place])] { place += 1 }
    let word = String(decoding: bytes[start..<place], as: UTF8.self)
    words.insert(word)
    if start > 0, bytes[start - 1] == 46 { usedMembers.insert(word) } else { declare(word) }
    last = word
  }

  /// Declares what stands behind a keyword; a local variable is indented by more than four blanks, or taken for a member.
  private mutating func declare(_ word: String) {
    switch word {
    case "private" where bytes[place] != 40, "fileprivate": isHidden = true
    case "case" where indentation <= 4: isCase = true
    case "public": isPublic = true
    default: break
    }
    if Self.typeKeywords.contains(last) {
      declareType(word)
    } else if last == "func" || Self.valueKeywords.contains(last) {
      own.insert(word)
      if !isHidden, indentation <= 4 || last == "func" { members.insert(word) }
    } else if isCase, word.first?.isNumber == false {
      own.insert(word)
      members.insert(word)
    } else if bytes[place] == 58 || bytes[place] == 44 || bytes[place] == 41 {
      own.insert(word)
    }
  }

  private mutating func declareType(_ word: String) {
    own.insert(word)
    if isHidden { return }
    guard indentation == 0 else {
      members.insert(word)
      return
    }
    types.insert(word)
    if !isPublic { hiddenTypes.insert(word) }
  }
}
