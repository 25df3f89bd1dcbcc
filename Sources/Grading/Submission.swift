internal import FoundationEssentials
internal import Glibc

/// The bytes of somebody's answer, read once and looked at before any compiler sees them.
///
/// Everything after this works on a copy: a file that changes meanwhile cannot be two things.
package struct Submission: Sendable {
  /// What the file holds.
  package let bytes: [UInt8]
  /// The same as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Why a file is not even compiled.
  package struct Unusable: Error {
    package let rule: String
    package let reason: String
    let isMissing: Bool
  }

  /// Reads a file.
  package init(_ path: String) throws(Unusable) {
    var status = stat()
    // Safety: the structure is only used for the time of the call.
    guard unsafe lstat(path, &status) == 0 else {
      throw Unusable(rule: "missing", reason: "There is no such file.", isMissing: true)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFLNK:
      throw Self.unusable("symbolic-link", "It is a symbolic link: put a copy of the file there.")
    default:
      throw Self.unusable("not-a-file", "It is no file: put the answer's text there.")
    }
    guard status.st_size <= Limits.submissionBytesMax else {
      throw Self.unusable(
        "too-large",
        "It has \(status.st_size / 1024) KiB; an answer has at most "
          + "\(Limits.submissionBytesMax / 1024) KiB. Remove what is not needed.")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Self.unusable("unreadable", "It cannot be read: change its permissions.")
    }
    bytes = Array(data.prefix(Limits.submissionBytesMax))
    try check()
  }

  private func check() throws(Unusable) {
    if bytes.allSatisfy({ $0 <= 32 }) {
      throw Self.unusable(
        "empty", "It is empty: `fencelab reset` brings back what the exercise began with.")
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.contains(0) || String(validating: line, as: UTF8.self) == nil {
        throw Self.unusable(
          "not-utf8", "Line \(index + 1) is no text in UTF-8: save the file in that encoding.")
      }
    }
  }

  private static func unusable(_ rule: String, _ reason: String) -> Unusable {
    Unusable(rule: rule, reason: reason, isMissing: false)
  }
}
