import Foundation
import Testing

/// Every row of the kernel's suites is a test under its own name, and every row with two or more
/// actors is also explored.
struct RosterTests {
  /// Whether a row is explored, or why not.
  enum Kind: Equatable {
    /// It has two or more actors.
    case explored
    /// It has one actor, and hence one schedule.
    case alone
  }

  private static let rows: [(suite: String, rows: [(String, Kind)])] = [
    (
      "dma-buf-fence",
      [
        ("test_sanitycheck", .alone), ("test_signaling", .alone), ("test_add_callback", .alone),
        ("test_late_add_callback", .alone), ("test_rm_callback", .alone),
        ("test_late_rm_callback", .alone), ("test_status", .alone), ("test_error", .alone),
        ("test_wait", .alone), ("test_wait_timeout", .explored), ("test_stub", .alone),
        ("test_race_signal_callback", .explored),
      ]
    ),
    (
      "dma-buf-fence-chain",
      [
        ("test_sanitycheck", .alone), ("test_find_seqno", .alone), ("test_find_signaled", .alone),
        ("test_find_out_of_order", .alone), ("test_find_gap", .alone),
        ("test_find_race", .explored), ("test_signal_forward", .alone),
        ("test_signal_backward", .alone), ("test_wait_forward", .explored),
        ("test_wait_backward", .explored), ("test_wait_random", .explored),
      ]
    ),
    (
      "dma-buf-fence-unwrap",
      [
        ("test_sanitycheck", .alone), ("test_unwrap_array", .alone), ("test_unwrap_chain", .alone),
        ("test_unwrap_chain_array", .alone), ("test_unwrap_merge", .alone),
        ("test_unwrap_merge_duplicate", .alone), ("test_unwrap_merge_seqno", .alone),
        ("test_unwrap_merge_order", .alone), ("test_unwrap_merge_complex", .alone),
        ("test_unwrap_merge_complex_seqno", .alone),
      ]
    ),
    // Four usages each but the first. The test plays the second actor itself; explored rows have
    // a real one.
    (
      "dma-buf-resv",
      [
        ("test_sanitycheck", .alone), ("test_signaling", .explored), ("test_for_each", .explored),
        ("test_for_each_unlocked", .explored), ("test_get_fences", .explored),
      ]
    ),
    (
      "sync",
      [
        ("test_alloc_timeline", .alone), ("test_alloc_fence", .alone),
        ("test_alloc_fence_negative", .alone), ("test_fence_one_timeline_wait", .alone),
        ("test_fence_one_timeline_merge", .alone), ("test_fence_merge_same_fence", .alone),
        ("test_fence_multi_timeline_wait", .alone),
        ("test_stress_two_threads_shared_timeline", .explored),
        ("test_consumer_stress_multi_producer_single_consumer", .explored),
        ("test_merge_stress_random_merge", .alone),
      ]
    ),
    // Both rules each.
    (
      "test-ww_mutex",
      [
        ("test_mutex", .explored), ("test_aa", .alone), ("test_abba", .explored),
        ("test_cycle", .explored), ("stress in-order", .explored), ("stress reorder", .explored),
        ("stress all", .explored),
      ]
    ),
    (
      "drm_exec",
      [
        ("sanitycheck", .alone), ("test_lock", .alone), ("test_lock_unlock", .alone),
        ("test_duplicates", .alone), ("test_prepare", .alone), ("test_prepare_array", .alone),
        ("test_multiple_loops", .alone),
      ]
    ),
  ]

  @Test func `every row of these suites is a test, and none is there that they do not have`()
    throws
  {
    let (native, explored) = try testNames()
    for (suite, rows) in Self.rows {
      let wanted = Set(rows.map { "\(suite): \($0.0)" })
      let ours = { (names: Set<String>) in names.filter { $0.hasPrefix("\(suite): ") } }
      #expect(ours(native) == wanted)
      let shared = rows.filter { $0.1 == .explored }.map { "\(suite): \($0.0)" }
      #expect(ours(explored) == Set(shared))
    }
  }

  @Test func `every point of a port's checklist is a named test`() throws {
    let (native, explored) = try testNames()
    let points = native.union(explored).compactMap { name in
      name.firstRange(of: " · ").flatMap { Int(name[..<$0.lowerBound]) }
    }
    // 24 is about the scheduler, which has rows of its own.
    #expect(Set(points).isSuperset(of: Array(1...23) + [25, 26]))
  }

  /// The names of the tests beside this one: native ones, and explored ones.
  private func testNames() throws -> (native: Set<String>, explored: Set<String>) {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    var (native, explored): (Set<String>, Set<String>) = ([], [])
    let folders = [
      "ConformanceTests", "FencesTests", "KernelTests", "ReservationTests", "SyncObjectTests",
    ]
    for folder in folders {
      let path = tests.appendingPathComponent(folder).path
      for file in try FileManager.default.contentsOfDirectory(atPath: path)
      where file.hasSuffix(".swift") {
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        let names = text.split(separator: "func `").dropFirst().compactMap {
          $0.split(separator: "`").first.map(String.init)
        }
        if file.hasSuffix("ModelTests.swift") {
          explored.formUnion(names)
        } else {
          native.formUnion(names)
        }
      }
    }
    return (native, explored)
  }
}
