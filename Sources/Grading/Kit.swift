internal import FoundationEssentials

/// The built kit that exercises are compiled against, and the compiler that does it.
package struct Kit: Sendable {
  /// The folder with the dynamic library and the modules.
  package let folder: String
  /// The compiler proper; the driver in front of it would only cost time.
  let frontend: String
  /// The linker's driver.
  let clang: String
  /// The toolchain's Swift libraries.
  let runtimeFolder: String

  /// Where compilers keep the C modules that they read; filled by the first compilation.
  ///
  /// Beside the kit, for all checkouts; in the checkout where somebody else built the kit.
  let moduleCacheFolder: String
  /// The toolchain.
  var toolchainFolder: String { String(frontend.dropLast("/bin/swift-frontend".count)) }
  /// The checkout that the kit was built in: failing schedules quote its sources.
  var sourceRoot: String? {
    folder.firstRange(of: "/.build").map { String(folder[..<$0.lowerBound]) }
  }
  /// The library that every exercise is linked with.
  var libraryFile: String { "\(folder)/\(Self.library)" }

  /// Modules an exercise may import.
  static let modules: Set<String> = [
    "Drivers", "ExerciseKit", "Explorer", "Fences", "Hardware", "Kernel", "Machine",
    "Reservations", "Swift", "SyncObjects",
  ]

  /// Finds the library beside the running program, and the compiler on the path.
  package static func locate(_ workspace: Workspace) throws(GradingError) -> Kit {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    let own = program.map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) }
    let candidates = [own, "\(workspace.root)/.build/release"].compactMap(\.self)
    let built = candidates.first { FileManager.default.fileExists(atPath: "\($0)/\(library)") }
    guard let folder = built else {
      throw GradingError(
        "The kit is not built: \(library) is missing in \(candidates.joined(separator: ", ")).",
        repair: "Build it with `swift build -c release --product FencelabKit`.")
    }
    let bin = try toolchainFolder()
    // What lies in a cache names its place: a checkout that was moved begins a new one.
    let shared = "\(folder)/ExerciseModules-\(ContentHash(folder))"
    let isOurs = FileManager.default.isWritableFile(atPath: folder)
    return Kit(
      folder: folder, frontend: "\(bin)/swift-frontend", clang: "\(bin)/clang",
      runtimeFolder: "\(bin.dropLast("/bin".count))/lib/swift/linux",
      moduleCacheFolder: isOurs ? shared : "\(workspace.notesFolder)/module-cache")
  }

  /// Says whether anything was rebuilt: what was compiled against another kit is of no use.
  var identity: String {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(Self.library)")
    let date = attributes?[.modificationDate] as? Date
    return "\(folder) \(date?.timeIntervalSinceReferenceDate ?? 0) \(frontend)"
  }

  /// The same for every machine that built the same kit.
  var contentHash: ContentHash {
    ContentHash(FileManager.default.contents(atPath: libraryFile) ?? Data())
  }

  private static let library = "libFencelabKit.so"

  private static func toolchainFolder() throws(GradingError) -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    for folder in path.split(separator: ":") {
      guard FileManager.default.isExecutableFile(atPath: "\(folder)/swiftc") else { continue }
      // A link leads to the toolchain it belongs to; the compiler lies beside the target.
      let real = URL(filePath: "\(folder)/swiftc").resolvingSymlinksInPath().path
      let candidates = [
        String(folder), String(real[..<(real.lastIndex(of: "/") ?? real.endIndex)]),
      ]
      for bin in candidates
      where FileManager.default.isExecutableFile(atPath: "\(bin)/swift-frontend") {
        return bin
      }
      if let bin = try toolchainFolder(of: "\(folder)/swiftc") { return bin }
    }
    throw GradingError(
      "No Swift compiler on the path.",
      repair: "Install Swift 6.3 from <https://www.swift.org/install/> and open a new shell.")
  }

  /// Asks a compiler that is only a launcher where its toolchain lies.
  private static func toolchainFolder(of compiler: String) throws(GradingError) -> String? {
    struct TargetInfo: Decodable {
      struct Paths: Decodable { let runtimeResourcePath: String }
      let paths: Paths
    }
    var child = try ChildProcess(
      compiler, ["-print-target-info"], limits: .compiler, environment: ChildProcess.inherited)
    let ending = child.wait()
    guard let info = try? JSONDecoder().decode(TargetInfo.self, from: Data(ending.output)),
      let range = info.paths.runtimeResourcePath.firstRange(of: "/lib/swift")
    else { return nil }
    let bin = info.paths.runtimeResourcePath[..<range.lowerBound] + "/bin"
    return FileManager.default.isExecutableFile(atPath: "\(bin)/swift-frontend")
      ? String(bin) : nil
  }
}
