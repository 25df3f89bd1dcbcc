import Foundation

/// A headless Chromium that opens files.
struct Browser {
  let executable: String

  /// The installed browser, or nil.
  static let installed: Browser? = {
    let named = ProcessInfo.processInfo.environment["CHROMIUM"].map { [$0] } ?? []
    let usual = ["chromium", "chromium-browser", "google-chrome"].map { "/usr/bin/\($0)" }
    return (named + usual).first { FileManager.default.isExecutableFile(atPath: $0) }
      .map { Browser(executable: $0) }
  }()

  /// What the page looks like after its scripts ran, and what it wrote to the console.
  ///
  /// - Parameters:
  ///   - budget: How long its clock runs; the clock stands still while a script computes.
  ///   - isDark: Which scheme the page is asked to follow.
  func open(
    _ page: URL, budget: Duration = .seconds(2), isDark: Bool = false
  ) throws -> (document: String, console: String) {
    let profile = FileManager.default.temporaryDirectory.appending(
      path: "fencelab-browser-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: profile) }
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--user-data-dir=\(profile.path)", "--enable-logging=stderr",
        "--virtual-time-budget=\(budget.components.seconds * 1000)", "--timeout=200000",
        "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--dump-dom",
        page.absoluteString,
      ]
    let log = profile.path + ".log"
    try Data().write(to: URL(filePath: log))
    defer { try? FileManager.default.removeItem(atPath: log) }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
    try process.run()
    let document = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let messages = try String(contentsOf: URL(filePath: log), encoding: .utf8)
    let console = messages.split(separator: "\n").filter { $0.contains("CONSOLE") }
    return (String(decoding: document, as: UTF8.self), console.joined(separator: "\n"))
  }
}
