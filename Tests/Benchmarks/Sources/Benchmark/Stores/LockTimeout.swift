/// A save that has waited in vain for another writer.
struct LockTimeout: Error {}
