import TestSupport
import Testing
import Timeline

private let sound = """
  {"traceEvents":[
  {"name":"process_name","ph":"M","pid":1,"tid":0,"args":{"name":"a run"}},
  {"name":"thread_name","ph":"M","pid":1,"tid":1,"args":{"name":"cpu 0"}},
  {"name":"outer","ph":"X","pid":1,"tid":1,"ts":1.000,"dur":3.000,"cat":"work"},
  {"name":"leads to","ph":"s","pid":1,"tid":1,"ts":1.000,"cat":"flow","id":0},
  {"name":"inner","ph":"X","pid":1,"tid":1,"ts":2.000,"dur":1.000,"cat":"work"},
  {"name":"leads to","ph":"f","bp":"e","pid":1,"tid":1,"ts":2.500,"cat":"flow","id":0},
  {"name":"bit","ph":"i","s":"t","pid":1,"tid":1,"ts":3.500}
  ]}
  """

@Test func `a sound trace passes the checker`() {
  let checked = TraceFormat(sound)
  #expect(checked.problems.isEmpty, "\(checked.problems)")
  #expect(checked.counts == ["M": 2, "X": 2, "s": 1, "f": 1, "i": 1])
}

@Test(arguments: [
  ("\"ph\":\"X\",", "", "no phase"),
  ("\"name\":\"inner\",", "", "no proper name"),
  ("\"pid\":1,\"tid\":1,\"ts\":3.500", "\"tid\":1,\"ts\":3.500", "no proper pid"),
  ("\"ts\":3.500", "\"ts\":\"3.500\"", "no proper ts"),
  ("\"ts\":3.500", "\"ts\":0.500", "earlier than"),
  ("\"dur\":1.000", "\"dur\":9.000", "outlives"),
  ("\"dur\":1.000,", "", "no proper dur"),
  ("\"dur\":1.000", "\"dur\":-1.000", "no proper dur"),
  ("\"s\":\"t\"", "\"s\":\"x\"", "no proper s"),
  ("\"ph\":\"f\",\"bp\":\"e\"", "\"ph\":\"f\"", "no proper bp"),
  (
    "\"cat\":\"flow\",\"id\":0},\n{\"name\":\"inner\"",
    "\"cat\":\"flow\",\"id\":7},\n{\"name\":\"inner\"", "not a start"
  ),
  (
    "\"ph\":\"f\",\"bp\":\"e\",\"pid\":1,\"tid\":1",
    "\"ph\":\"f\",\"bp\":\"e\",\"pid\":1,\"tid\":2", "without name"
  ),
  ("\"ts\":2.500", "\"ts\":3.000", ""),
  ("\"tid\":1,\"args\"", "\"tid\":9,\"args\"", "without name"),
  ("\"ph\":\"i\"", "\"ph\":\"Q\"", "never write"),
  ("traceEvents", "events", "traceEvents"),
])
func `a broken trace does not`(part: String, replacement: String, problem: String) {
  let broken = sound.replacing(part, with: replacement)
  #expect(broken != sound)
  let problems = TraceFormat(broken).problems
  if problem.isEmpty { return #expect(problems.isEmpty, "\(problems)") }
  #expect(problems.contains { $0.contains(problem) }, "\(problems)")
}

@Test func `what overlaps on one track goes to threads on which it nests`() {
  var timeline = Timeline(title: "Overlaps")
  let track = timeline.track("cpu 0")
  let first = timeline.span("first", on: track, from: 0, to: 500)
  let second = timeline.span("second", on: track, from: 300, to: 900)
  timeline.span("inside the second", on: track, from: 400, to: 900)
  timeline.instant("bit", on: track, at: 450)
  timeline.flow(from: first, to: second)
  // An arrow that leaves after its target has begun.
  timeline.flow(from: second, to: first, label: "back")
  let checked = TraceFormat(timeline.perfettoTrace)
  #expect(checked.problems.isEmpty, "\(checked.problems)")
  #expect(checked.counts == ["M": 3, "X": 3, "i": 1, "s": 2, "f": 2])
}

@Test func `the drawings of the tests are sound traces`() {
  let checked = TraceFormat(Samples.job().perfettoTrace)
  #expect(checked.problems.isEmpty, "\(checked.problems)")
}
