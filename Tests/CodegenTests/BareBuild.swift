import Foundation

/// The fence without its seam and its twin in C, each compiled into one small object.
///
/// The modules below the probe are only type-checked and optimised, because nothing but their
/// inlinable code reaches the probe. That takes seconds; a build of the package takes minutes.
enum BareBuild {
  private struct Objects {
    let ours: URL
    let theirs: URL
  }

  /// The functions of both objects by name, built once for all tests of the process.
  static func functions() throws -> [String: Disassembly] { try built.get() }

  private static let built = Result {
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "codegen-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let objects = try build(in: scratch)
    let ours = try Disassembler.functions(["ask_ours"], in: objects.ours)
    let others = ["ask_theirs", "ask_another_bit", "ask_twice"]
    return ours.merging(try Disassembler.functions(others, in: objects.theirs)) { one, _ in one }
  }

  private static var root: URL {
    URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
  }

  private static func build(in scratch: URL) throws -> Objects {
    let header = root.appending(path: "Sources/CMachine/include/fencelab_machine.h").path
    try write("module CMachine { header \"\(header)\" export * }", "module.modulemap", in: scratch)
    for module in ["Machine", "Kernel", "Fences"] { try emitModule(module, in: scratch) }
    try write(probe, "Probe.swift", in: scratch)
    try write(twinProbe, "probe.c", in: scratch)
    let ours = scratch.appending(path: "ours.o")
    let theirs = scratch.appending(path: "theirs.o")
    try swiftc(["-c", "Probe.swift", "-module-name", "Probe", "-o", ours.path], in: scratch)
    let twin = root.appending(path: "Tests/Benchmarks/Sources/CTwin/include").path
    try Tool.run(
      "clang", ["-O2", "-I", twin, "-c", "probe.c", "-o", theirs.path], in: scratch)
    return Objects(ours: ours, theirs: theirs)
  }

  private static func emitModule(_ module: String, in scratch: URL) throws {
    let folder = root.appending(path: "Sources/\(module)")
    let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let files = (walk?.allObjects as? [URL] ?? []).map(\.path).filter { $0.hasSuffix(".swift") }
    let output = scratch.appending(path: "\(module).swiftmodule").path
    try swiftc(
      ["-emit-module", "-parse-as-library", "-module-name", module, "-emit-module-path", output]
        + files.sorted(), in: scratch)
  }

  private static func swiftc(_ arguments: [String], in scratch: URL) throws {
    let settings = [
      "-O", "-wmo", "-D", "Bare", "-swift-version", "6", "-package-name", "fencelab",
      "-enable-upcoming-feature", "ExistentialAny",
      "-enable-upcoming-feature", "MemberImportVisibility",
      "-enable-upcoming-feature", "InternalImportsByDefault",
      "-suppress-warnings", "-I", scratch.path,
    ]
    try Tool.run("swiftc", settings + arguments, in: scratch)
  }

  private static func write(_ text: String, _ name: String, in folder: URL) throws {
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }

  private static let probe = """
    public import Fences

    @_silgen_name("ask_ours")
    public func ask(_ fence: Fence) -> Bool { fence.isSignaled() }
    """

  private static let twinProbe = """
    #include "twin.h"

    bool ask_theirs(struct twin_fence *fence) { return twin_is_signaled(fence); }
    bool ask_another_bit(struct twin_fence *fence) {
        return twin_test(fence, TWIN_TIMESTAMP) || twin_ask_driver(fence);
    }
    bool ask_twice(struct twin_fence *fence) {
        return twin_test(fence, TWIN_SIGNALED) && twin_test(fence, TWIN_SIGNALED)
            || twin_ask_driver(fence);
    }
    """
}
