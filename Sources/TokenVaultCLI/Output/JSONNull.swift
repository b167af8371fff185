/// The JSON value `null`, for a member that is present and has no value.
struct JSONNull: JSONValue {
  var jsonText: String? { "null" }
}
