public import TokenRecords

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension OAuthToken {
  /// The end of the access token; nil if it has none, or one that is unknown or no time.
  public var expirationDate: Date? { expiresAt?.moment.map { Date($0) } }
}
