extension Compiler {
  /// Lists what the file imports, in the compiler's own eyes.
  func importArguments(_ file: String) -> [String] {
    [
      "-frontend", "-emit-imported-modules", file, "-module-name", "Exercise", "-o", "-",
      "-module-cache-path", kit.moduleCacheFolder,
    ]
  }

  /// The learner's module: unsafe code is an error, and there are no tasks, because the explorer
  /// runs the threads.
  ///
  /// - Parameter isStrict: Off only in tests of the run time's own limits.
  func exerciseArguments(_ file: String, isStrict: Bool) -> [String] {
    ["-frontend", "-c", "-primary-file", file] + kit.moduleArguments
      + ["-solver-expression-time-threshold=\(Limits.expressionSecondsMax)"]
      + ["-module-name", "Exercise"] + (isStrict ? Self.exerciseRules : [])
      + ["-emit-module-path", "\(folder)/Exercise.swiftmodule", "-o", "\(folder)/Exercise.o"]
      + common
  }

  /// Rules that only the learner's file is under.
  static let exerciseRules = [
    "-strict-memory-safety", "-Werror", "StrictMemorySafety",
    "-disable-implicit-concurrency-module-import",
  ]

  func checksArguments(_ file: String) -> [String] {
    ["-frontend", "-c", "-primary-file", file] + kit.moduleArguments
      + ["-module-name", "Checks", "-I", folder, "-o", "\(folder)/Checks.o"] + common
  }

  /// What only matters to a compiler that writes files; an editor does without.
  private var common: [String] {
    [
      "-module-cache-path", kit.moduleCacheFolder, "-target", Kit.target, "-g",
      "-debug-info-format=dwarf", "-dwarf-version=4",
      "-file-compilation-dir", workspace.root, "-diagnostic-style=llvm", "-no-color-diagnostics",
      "-no-serialize-debugging-options", "-disable-autolinking-runtime-compatibility",
      "-disable-objc-interop",
    ]
  }

  func linkArguments(_ checksObject: String) -> [String] {
    let libraries = [
      "FencelabKit", "swiftCore", "swiftSwiftOnoneSupport", "swift_Concurrency",
      "swift_StringProcessing", "swiftSynchronization", "swiftGlibc",
    ]
    return [
      "-pie", "-fuse-ld=lld", "-o", "\(folder)/checks",
      "\(kit.runtimeFolder)/\(Kit.arch)/swiftrt.o", checksObject, "\(folder)/Exercise.o", "-L",
      kit.folder, "-L", kit.runtimeFolder,
      "-Wl,--as-needed",
    ] + libraries.map { "-l\($0)" }
      + ["-Wl,-rpath,\(kit.folder)", "-Wl,-rpath,\(kit.runtimeFolder)"]
  }
}

extension Kit {
  #if arch(arm64)
    static let arch = "aarch64"
  #else
    static let arch = "x86_64"
  #endif
  static let target = "\(arch)-unknown-linux-gnu"

  /// How a compiler, or an editor's, reads a file that imports the kit.
  var moduleArguments: [String] {
    [
      "-I", "\(folder)/Modules", "-Xcc",
      "-fmodule-map-file=\(folder)/CMachine.build/module.modulemap",
      "-Xcc", "-fmodule-map-file=\(folder)/CConfinement.build/module.modulemap",
      "-swift-version", "6", "-Onone", "-parse-as-library",
    ]
  }
}
