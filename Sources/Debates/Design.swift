internal import Explorer
public import Fences

/// One answer to a debate's question.
public struct Design: Sendable {
  /// Where a design comes from.
  public enum Origin: String, Sendable, Codable {
    /// What the kernel does.
    case upstream
    /// What the kernel did.
    case former
    /// Posted as code, not merged.
    case proposed
    /// What the Rust binding does.
    case rust
    /// Merged in drivers, where the core leaves it to them.
    case drivers
    /// Named in a mail and never posted as code: our reconstruction.
    case reconstruction

    /// As a reader of a table sees it.
    public var words: String {
      switch self {
      case .upstream: "upstream"
      case .former: "upstream, before"
      case .proposed: "proposed"
      case .rust: "the Rust binding"
      case .drivers: "drivers"
      case .reconstruction: "our reconstruction"
      }
    }
  }

  /// Names its row.
  public let name: String
  /// The design in a few words.
  public let summary: String
  /// Where it comes from.
  public let origin: Origin
  /// What the fence library does under it.
  public var policy = FencePolicy.upstream
  /// What the driver's author must remember, in sentences.
  public let remember: String
  /// The design that differs in one line, and that line in words.
  public let twin: (name: String, difference: String)
  /// Bytes of one fence, and what comes on top for each context.
  public var bytes = Bytes()
  /// The kernel's rows that it cannot satisfy.
  public var brokenRows = BrokenRows()
  /// Workloads that this design runs in its own form.
  var forms: [String: @Sendable (Lab) -> Void] = [:]
  /// The probe in a form of its own.
  var probe: Probe.Operation?

  /// What a design needs in memory.
  public struct Bytes: Sendable {
    /// Of one fence.
    public var fence = MemoryLayout<FenceStorage>.stride
    /// Of what the fences of a context share.
    public var context = 0

    var text: String { context > 0 ? "\(fence), and \(context) a context" : "\(fence)" }
  }

  /// The rows of the kernel's selftests that a design breaks.
  public struct BrokenRows: Sendable {
    /// Their names; every row but ``passing`` where that is given.
    public var names: [String] = []
    /// The only rows that pass.
    public var passing: [String]?
    /// Why.
    public var reason = ""
    /// Whether the rows can be run at all: a core of its own has too little for them.
    public var canRun = true

    var text: String {
      if !canRun { return "not run: \(reason)" }
      if let passing { return "all but \(passing.count): \(reason)" }
      return names.isEmpty ? "none" : names.joined(separator: ", ") + ": " + reason
    }
  }

  /// Whether the fence library's policy is all that makes it: then whole programs can run under it.
  ///
  /// Other designs are code of their own that only their debate's programs use.
  public var isPolicyAlone: Bool { forms.isEmpty && probe == nil }

  func scenario(of workload: Workload) -> @Sendable (Lab) -> Void {
    forms[workload.name] ?? workload.scenario
  }
}
