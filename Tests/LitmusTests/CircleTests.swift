import Litmus
import Testing

/// Values that explain each other in a circle: the model allows them where only plain copies are.
struct CircleTests {
  private let copier = "int a = *x; *y = a;"
  private let otherCopier = "int b = *y; *x = b;"

  @Test func `plain copies in a circle may carry a value from nowhere, and race`() throws {
    let test = try litmus(copier, otherCopier, exists: "~0:a=0")
    let outcome = try test.decide()
    #expect(outcome.states.map(\.text) == ["0:a=0;", "0:a=?;"])
    #expect(outcome.observation == .sometimes)
    #expect(outcome.racy > 0)
  }

  @Test func `a value from nowhere is no number and no address`() throws {
    for question in ["0:a=42", "0:a=x", "x=1"] {
      #expect(try litmus(copier, otherCopier, exists: question).decide().observation == .never)
    }
    let same = try litmus(copier, otherCopier, exists: "~0:a=0 /\\ ~(0:a=1:b /\\ x=*y)")
    #expect(try same.decide().observation == .never)
  }

  @Test func `marked stores keep the dependency, so the circle does not exist`() throws {
    let test = try litmus(
      "int a = READ_ONCE(*x); WRITE_ONCE(*y, a);", "int b = READ_ONCE(*y); WRITE_ONCE(*x, b);",
      exists: "~0:a=0")
    #expect(try states(test) == ["0:a=0;"])
  }

  @Test(arguments: ["*y = a + 1;", "*y = !a;", "if (a) { *y = a; }", "*y = *(x + a);"])
  func `what is computed from it, or decided by it, does not exist`(store: String) throws {
    let test = try litmus("int a = *x; \(store)", otherCopier, exists: "~0:a=0 /\\ ~0:a=1")
    #expect(try test.decide().observation == .never)
  }

  @Test func `what cancels a value from nowhere is a number`() throws {
    let test = try litmus(
      copier + " int c = a ^ a; int d = a - a + 3;", otherCopier, locations: "0:c; 0:d;")
    #expect(try states(test) == ["0:c=0; 0:d=3;"])
  }

  @Test func `the switch against load buffering forbids the circle`() throws {
    let test = try litmus(copier, otherCopier, exists: "~0:a=0")
    #expect(try states(test, LitmusOptions(forbidsLoadBuffering: true)) == ["0:a=0;"])
  }

  /// Each side sees the other's flag, so it must see the other's copy, too: only a circle is left.
  @Test func `flags that meet leave nothing but the circle`() throws {
    func side(_ mine: String, _ other: String, _ seen: String, _ set: String) -> String {
      """
      int r = smp_load_acquire(\(seen)); if (r == 1) { *\(mine) = *\(other); }
      smp_wmb(); WRITE_ONCE(*\(set), 1);
      """
    }
    let sides = [("x", "y", "f", "g"), ("y", "x", "g", "f")].map(side)
    let ordered = try litmus(
      sides[0], sides[1], exists: "0:r=1 /\\ 1:r=1", parameters: "int *x, int *y, int *f, int *g")
    #expect(try ordered.decide().observation == .never)
    let loose = try litmus(
      sides[0].replacing("smp_load_acquire(f);", with: "READ_ONCE(*f); smp_rmb();"),
      sides[1].replacing("smp_load_acquire(g);", with: "READ_ONCE(*g); smp_rmb();"),
      exists: "0:r=1 /\\ 1:r=1", locations: "x;", parameters: "int *x, int *y, int *f, int *g")
    let outcome = try loose.decide()
    #expect(outcome.observation == .sometimes)
    #expect(outcome.states.filter(\.satisfies).map(\.text) == ["0:r=1; 1:r=1; x=?;"])
  }

  @Test(arguments: ["1", "1 + (a ^ a)", "1 + (a - a)", "1 + (a & 0)", "2 - (a == a)", "1 + a * 0"])
  func `what is the same whatever was read is a number in a circle, too`(_ value: String) throws {
    let test = try litmus(
      "int a = *x; WRITE_ONCE(*y, \(value));", "int b = READ_ONCE(*y); WRITE_ONCE(*x, b);",
      exists: "0:a=1 /\\ 1:b=1")
    let outcome = try test.decide()
    #expect(outcome.observation == .sometimes)
    #expect(outcome.count == 4)
  }
}
