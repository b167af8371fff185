// Programs that import TokenVault get the records with it; the files of this module need no import of them.
@_exported public import TokenRecords
