internal import FoundationEssentials
internal import Glibc

/// A place for somebody else's code: namespaces of its own, made by bubblewrap.
///
/// Inside there is no network, no other process, no `Tests`, nothing to write but scratch space
/// that vanishes, and of the checkout only what compiling and running an answer needs to read.
package struct Sandbox: Sendable {
  /// A program and its arguments.
  package struct Command: Sendable {
    package let program: String
    package let arguments: [String]
  }

  private let program: String
  private let kit: Kit

  /// Finds bubblewrap and makes sure that it works here.
  package init(_ kit: Kit, program: String? = nil) throws(GradingError) {
    guard let program = program ?? Self.find("bwrap") else {
      throw GradingError(
        "--isolated needs bubblewrap, and there is no `bwrap` on the path.",
        repair: "Install it: apt-get install bubblewrap. Nothing was graded.")
    }
    self.program = program
    self.kit = kit
    let probe = Self.wrapped(program, Self.namespaces + Self.system, "/usr/bin/env", ["true"])
    var child = try ChildProcess(
      probe.program, probe.arguments, limits: .compiler, environment: Self.environment)
    let ending = child.wait()
    guard ending.cause == .exited(0) else {
      let words = String(decoding: ending.errors, as: UTF8.self).trimmed
      throw GradingError(
        "--isolated cannot be had here: \(words.isEmpty ? "\(ending.cause)" : words).",
        repair: "Allow user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0, or "
          + "user.max_user_namespaces above 0), or run it as root. Nothing was graded.")
    }
  }

  /// A compiler that may read the kit and the toolchain, and write into one folder.
  func compiling(_ program: String, _ arguments: [String], in folder: String) -> Command {
    var binds = Self.readable(kit.toolchainFolder) + Self.readable(kit.folder)
    binds += ["--ro-bind-try", kit.moduleCacheFolder, kit.moduleCacheFolder]
    if let root = kit.sourceRoot { binds += Self.readable("\(root)/Sources") }
    binds += ["--bind", folder, folder]
    // The checks lie beside the exercise; the answer was copied into the folder.
    for file in arguments where file.hasSuffix("/Checks.swift") { binds += Self.readable(file) }
    return wrapped(binds, program, arguments)
  }

  /// A program of checks that may read itself, the library, and the sources that a failing schedule
  /// quotes.
  func running(_ program: String, exercise: Exercise) -> Command {
    let folder = String(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])
    var binds = Self.readable(folder) + Self.readable(kit.runtimeFolder)
    binds += Self.readable(kit.libraryFile) + Self.readable(exercise.checksFile)
    if let root = kit.sourceRoot { binds += Self.readable("\(root)/Sources") }
    return wrapped(binds, program, [])
  }

  private func wrapped(_ binds: [String], _ program: String, _ arguments: [String]) -> Command {
    Self.wrapped(self.program, Self.namespaces + Self.system + binds, program, arguments)
  }

  private static func wrapped(
    _ bwrap: String, _ options: [String], _ program: String, _ arguments: [String]
  ) -> Command {
    Command(program: bwrap, arguments: options + ["--", program] + arguments)
  }

  private static func readable(_ path: String) -> [String] { ["--ro-bind", path, path] }

  /// Everything a process can share with others, unshared; it ends with its parent.
  private static let namespaces = [
    "--unshare-user-try", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
    "--unshare-cgroup-try", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
    "--hostname", "exercise", "--chdir", "/",
  ]

  /// The system's own programs and libraries, and scratch space.
  private static let system =
    ["/usr", "/bin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache"].flatMap {
      ["--ro-bind-try", $0, $0]
    } + ["--proc", "/proc", "--dev", "/dev", "--size", "\(64 << 20)", "--tmpfs", "/tmp"]

  /// What programs inside find in their environment.
  static let environment = [
    "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TMPDIR": "/tmp", "HOME": "/tmp",
  ]

  private static func find(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
