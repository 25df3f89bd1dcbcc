import Litmus
import Testing

/// How many executions the well-known shapes have without load buffering.
struct CountTests {
  private func count(_ threads: String...) throws -> Int {
    let bodies = threads.enumerated().map { "P\($0)(int *x, int *y)\n{ \($1) }\n" }.joined()
    let test = try LitmusTest(parsing: "C t\n{ }\n\(bodies)exists (true)\n")
    return try test.decide(LitmusOptions(forbidsLoadBuffering: true)).count
  }

  private let writeX = "WRITE_ONCE(*x, 1);"
  private let writeY = "WRITE_ONCE(*y, 1);"
  private let readX = "int a = READ_ONCE(*x);"
  private let readY = "int b = READ_ONCE(*y);"

  @Test func `store buffering has 4, with barriers 3`() throws {
    #expect(try count(writeX + readY, writeY + readX) == 4)
    #expect(try count(writeX + "smp_mb();" + readY, writeY + "smp_mb();" + readX) == 3)
  }

  @Test func `load buffering has 3`() throws {
    #expect(try count(readX + writeY, readY + writeX) == 3)
  }

  @Test func `message passing has 4, with release and acquire 3`() throws {
    #expect(try count(writeX + writeY, readY + readX) == 4)
    let release = "smp_store_release(y, 1);"
    let acquire = "int b = smp_load_acquire(y);"
    #expect(try count(writeX + release, acquire + readX) == 3)
    let guarded = acquire + "if (b) { int a = *x; }"
    #expect(try count("*x = 1;" + release, guarded) == 2)
  }

  @Test func `independent readers have 16, with full barriers 15`() throws {
    let acquires = [
      "int a = smp_load_acquire(x); int b = smp_load_acquire(y);",
      "int b = smp_load_acquire(y); int a = smp_load_acquire(x);",
    ]
    let releases = ["smp_store_release(x, 1);", "smp_store_release(y, 1);"]
    #expect(try count(releases[0], releases[1], acquires[0], acquires[1]) == 16)
    let full = [readX + "smp_mb();" + readY, readY + "smp_mb();" + readX]
    #expect(try count(writeX, writeY, full[0], full[1]) == 15)
  }

  @Test func `two plus two writes, R and S have 4`() throws {
    #expect(
      try count(
        "WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 2);", "WRITE_ONCE(*y, 1); WRITE_ONCE(*x, 2);") == 4)
    #expect(try count(writeX + writeY, "WRITE_ONCE(*y, 2);" + readX) == 4)
    #expect(try count("WRITE_ONCE(*x, 2);" + writeY, readY + writeX) == 4)
  }

  @Test func `two writers of one word and two readers have 72`() throws {
    let reader = "int a = READ_ONCE(*x); int b = READ_ONCE(*x);"
    #expect(try count(writeX, "WRITE_ONCE(*x, 2);", reader, reader) == 72)
  }

  @Test(arguments: [(2, 2, 6), (3, 2, 90), (2, 3, 20), (4, 1, 24)])
  func `updates of one word come in every order`(threads: Int, updates: Int, orders: Int) throws {
    let body = String(repeating: "atomic_inc(x);", count: updates)
    let bodies = (0..<threads).map { "P\($0)(atomic_t *x)\n{ \(body) }\n" }.joined()
    let test = try LitmusTest(parsing: "C t\n{ }\n\(bodies)exists (x=\(threads * updates))\n")
    let outcome = try test.decide(LitmusOptions(forbidsLoadBuffering: true))
    #expect(outcome.count == orders)
    #expect(outcome.observation == .always)
  }

  @Test(arguments: [(2, 2, 6), (3, 1, 6)])
  func `sections of one lock come in every order`(threads: Int, sections: Int, orders: Int) throws {
    let section = "spin_lock(s); int r = *x; *x = r + 1; spin_unlock(s);"
    let body = String(repeating: section, count: sections)
    let bodies = (0..<threads).map { "P\($0)(int *x, spinlock_t *s)\n{ \(body) }\n" }.joined()
    let test = try LitmusTest(parsing: "C t\n{ }\n\(bodies)exists (x=\(threads * sections))\n")
    let outcome = try test.decide(LitmusOptions(forbidsLoadBuffering: true))
    #expect(outcome.count == orders)
    #expect(outcome.observation == .always)
    #expect(outcome.racy == 0)
  }
}
