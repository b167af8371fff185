internal import CLinux
internal import Glibc

extension FileStatus {
  init(_ raw: stat) {
    kind =
      switch raw.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      default: .other
      }
    device = UInt64(raw.st_dev)
    inode = UInt64(raw.st_ino)
    size = Int64(raw.st_size)
    modified = Int64(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_mtim.tv_nsec)
    changed = Int64(raw.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_ctim.tv_nsec)
    owner = raw.st_uid
    group = raw.st_gid
    links = UInt64(raw.st_nlink)
    mode = raw.st_mode & 0o7777
  }
}

extension FileStatus {
  /// Without the times.
  init(_ raw: statx) {
    kind =
      switch UInt32(raw.stx_mode) & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      default: .other
      }
    device = linux_device(raw.stx_dev_major, raw.stx_dev_minor)
    inode = raw.stx_ino
    size = Int64(raw.stx_size)
    (modified, changed) = (0, 0)
    (owner, group) = (raw.stx_uid, raw.stx_gid)
    links = UInt64(raw.stx_nlink)
    mode = UInt32(raw.stx_mode) & 0o7777
  }
}

extension LinuxDisk {
  package func hasAccessList(_ path: String) -> Bool {
    unsafe linux_lgetxattr(path, "system.posix_acl_access", nil, 0) > 0
  }

  package func isMountPoint(_ path: String) -> Bool {
    var attributes: UInt64 = 0
    guard unsafe linux_attributes(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &attributes) == 0 else {
      return false
    }
    return attributes & LINUX_ATTRIBUTE_MOUNT_ROOT != 0
  }
}
