import Testing
import TokenVault

@testable import TokenVaultHTTP

@Suite struct FormBodyTests {
  @Test(arguments: [
    ("", ""), ("aZ09", "aZ09"), ("*-._", "*-._"), ("a b", "a+b"), ("a+b", "a%2Bb"), ("~", "%7E"),
    ("1000.8cb99d.x/y==", "1000.8cb99d.x%2Fy%3D%3D"), ("&=?#%", "%26%3D%3F%23%25"),
    ("ä€🙂", "%C3%A4%E2%82%AC%F0%9F%99%82"), ("\0\n\r\u{7F}", "%00%0A%0D%7F"),
    ("!'()", "%21%27%28%29"),
  ])
  func aTextIsEncodedAsTheURLStandardSays(_ text: String, _ encoded: String) {
    #expect(String(decoding: FormText.encoded(text), as: UTF8.self) == encoded)
  }

  @Test func fieldsKeepTheirOrder() {
    let body = FormBody.encode([("b", "1 2"), ("a&", "="), ("c", "")])
    #expect(String(decoding: body, as: UTF8.self) == "b=1+2&a%26=%3D&c=")
  }
}
