import Debates
import Fences
import Kernel
import Testing

/// The rows under every debated design: each variant of each policy point, one at a time.
///
/// The rows that are races are explored instead, see `RowModelTests`; the chain in random order
/// takes too long for so many designs.
@Suite(.serialized)
struct PolicyRows {
  @Test(arguments: Variant.all)
  func `a design passes every row but those that it is known to break`(variant: Variant) throws {
    for row in Row.all {
      let isBroken = variant.brokenRows.contains(row.name)
      try withKnownIssue(isBroken ? "\(variant.reason)" : nil) {
        let log = WarningLog()
        try FencePolicy.with(variant.policy) { try log.collect { try row.body() } }
        #expect(log.messages.first == nil, "\(row.name)")
      } when: {
        isBroken
      }
    }
  }

  @Test func `the debates' tables list the rows that are broken here`() {
    for design in Debate.all.flatMap(\.designs) where design.brokenRows.canRun {
      let broken = Row.all.map(\.name).filter { name in
        design.brokenRows.passing.map { !$0.contains(name) }
          ?? design.brokenRows.names
          .contains(name)
      }
      let variant = Variant.all.first { $0.policy == design.policy }
      #expect(broken == variant?.brokenRows, "\(design.name)")
    }
  }

  @Test func `the list of broken rows names rows`() {
    let names = Row.all.map(\.name)
    for variant in Variant.all {
      #expect(variant.brokenRows.allSatisfy(names.contains), "\(variant)")
      #expect(variant.brokenRows.isEmpty == variant.reason.isEmpty, "\(variant)")
    }
    #expect(Variant.all.filter { $0.policy == .upstream && !$0.brokenRows.isEmpty }.isEmpty)
  }
}

/// A design that differs from upstream's in one point at most.
struct Variant: CustomTestStringConvertible, Sendable {
  let name: String
  let policy: FencePolicy
  /// What it cannot satisfy, and why.
  var brokenRows: [String] = []
  var reason = ""

  var testDescription: String { name }
}

/// A row of the kernel's, as a function that can be called.
struct Row: Sendable {
  let name: String
  let body: @Sendable () throws -> Void

  static let all = fenceRows + chainRows + unwrapRows

  private static let fenceRows: [Row] = [
    Row(name: "dma-buf-fence: test_sanitycheck") {
      FenceRows().`dma-buf-fence: test_sanitycheck`()
    },
    Row(name: "dma-buf-fence: test_signaling") {
      FenceRows().`dma-buf-fence: test_signaling`()
    },
    Row(name: "dma-buf-fence: test_add_callback") {
      FenceRows().`dma-buf-fence: test_add_callback`()
    },
    Row(name: "dma-buf-fence: test_late_add_callback") {
      FenceRows().`dma-buf-fence: test_late_add_callback`()
    },
    Row(name: "dma-buf-fence: test_rm_callback") {
      FenceRows().`dma-buf-fence: test_rm_callback`()
    },
    Row(name: "dma-buf-fence: test_late_rm_callback") {
      FenceRows().`dma-buf-fence: test_late_rm_callback`()
    },
    Row(name: "dma-buf-fence: test_status") {
      FenceRows().`dma-buf-fence: test_status`()
    },
    Row(name: "dma-buf-fence: test_error") {
      FenceRows().`dma-buf-fence: test_error`()
    },
    Row(name: "dma-buf-fence: test_wait") {
      try FenceRows().`dma-buf-fence: test_wait`()
    },
    Row(name: "dma-buf-fence: test_wait_timeout") {
      try FenceRows().`dma-buf-fence: test_wait_timeout`()
    },
    Row(name: "dma-buf-fence: test_stub") {
      FenceRows().`dma-buf-fence: test_stub`()
    },
  ]

  private static let chainRows: [Row] = [
    Row(name: "dma-buf-fence-chain: test_sanitycheck") {
      try ChainRows().`dma-buf-fence-chain: test_sanitycheck`()
    },
    Row(name: "dma-buf-fence-chain: test_find_seqno") {
      try ChainRows().`dma-buf-fence-chain: test_find_seqno`()
    },
    Row(name: "dma-buf-fence-chain: test_find_signaled") {
      try ChainRows().`dma-buf-fence-chain: test_find_signaled`()
    },
    Row(name: "dma-buf-fence-chain: test_find_out_of_order") {
      try ChainRows().`dma-buf-fence-chain: test_find_out_of_order`()
    },
    Row(name: "dma-buf-fence-chain: test_find_gap") {
      try ChainRows().`dma-buf-fence-chain: test_find_gap`()
    },
    Row(name: "dma-buf-fence-chain: test_signal_forward") {
      try ChainRows().`dma-buf-fence-chain: test_signal_forward`()
    },
    Row(name: "dma-buf-fence-chain: test_signal_backward") {
      try ChainRows().`dma-buf-fence-chain: test_signal_backward`()
    },
    Row(name: "dma-buf-fence-chain: test_wait_forward") {
      try ChainRows().`dma-buf-fence-chain: test_wait_forward`()
    },
    Row(name: "dma-buf-fence-chain: test_wait_backward") {
      try ChainRows().`dma-buf-fence-chain: test_wait_backward`()
    },
  ]

  private static let unwrapRows: [Row] = [
    Row(name: "dma-buf-fence-unwrap: test_sanitycheck") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_sanitycheck`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_array") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_array`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_chain") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_chain`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_chain_array") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_chain_array`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_merge") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_merge`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_merge_duplicate") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_merge_duplicate`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_merge_seqno") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_merge_seqno`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_merge_order") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_merge_order`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_merge_complex") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_merge_complex`()
    },
    Row(name: "dma-buf-fence-unwrap: test_unwrap_merge_complex_seqno") {
      try UnwrapRows().`dma-buf-fence-unwrap: test_unwrap_merge_complex_seqno`()
    },
  ]
}
