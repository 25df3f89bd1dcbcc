/// Why a test cannot be decided, where, and what to write in its place.
package struct LitmusError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1; 0 if the test has none.
  package var line: Int
  /// The column, from 1; 0 if the whole line is meant.
  package var column: Int
  /// What is wrong.
  package var message: String
  /// What to do about it.
  package var repair: String

  package init(line: Int, column: Int = 0, _ message: String, repair: String) {
    self.line = line
    self.column = column
    self.message = message
    self.repair = repair
  }

  package var description: String {
    let place = [line, column].filter { $0 > 0 }.map { "\($0):" }.joined()
    return (place.isEmpty ? "" : place + " ") + "\(message) \(repair)"
  }
}
