extension String {
  /// The lines of a text, cut at each newline; a text that ends in one has an empty last line.
  ///
  /// Works on bytes: cutting by characters took a third of the time of a whole site.
  package var lines: [Substring] {
    utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map(Substring.init)
  }
}
