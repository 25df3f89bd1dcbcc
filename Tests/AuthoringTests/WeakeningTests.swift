import Authoring
import Explorer
import FoundationEssentials
import Publishing
import Testing

/// Every labelled ordering is needed by a program, or somebody has understood why it stands.
struct WeakeningTests {
  static let tree = SourceTree(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path)

  @Test func `no ordering is unexplained, and the page of the documentation is current`() {
    let report = WeakeningRun(Self.tree).report()
    #expect(report.complaints.isEmpty, "\(report.complaints.joined(separator: "\n"))")
    #expect(report.rows.count > 30)
    #expect(
      Self.tree.text(of: WeakeningReport.page) == report.markdown,
      "run `fencelab weaken --write`")
  }

  @Test func `an ordering that a program needs is told from one that nothing needs`() {
    let rows = WeakeningRun(Self.tree, label: "spinlock").report().rows
    #expect(rows.count == 4)
    #expect(rows.allSatisfy { $0.failure?.verdict == .dataRace })
    let enabling = WeakeningRun(Self.tree, label: "fence.enable").report().rows
    #expect(enabling.count == 1 && enabling.allSatisfy { $0.failure == nil && $0.isExplained })
  }

  @Test func `a name survives other lines, and two alike are counted`() {
    let names = LabelledOrdering.all(in: Self.tree).map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.contains("SpinLock.swift unlock release[spinlock.handover]"))
    #expect(names.contains("KernelTask.swift sleep acquire[task.sleep] #2"))
  }
}
