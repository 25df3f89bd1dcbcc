// Our read sections against liburcu's, in one process. Prints ratios and never a time.
//
//   ReadSideBenchmarks                         the table
//   ReadSideBenchmarks count ours|theirs TIMES one loop, for a tool that counts instructions

internal import BenchmarkKit
internal import CUserspaceRCU

#if !Bare
  #error("the read side is measured without its seam: build with the trait Bare")
#endif

/// Processor time of the calling thread that so many turns of a loop take.
func timed(_ loop: (UInt64) -> UInt64) -> UInt64 {
  let times: UInt64 = 400_000
  let begin = urcu_thread_time()
  let found = loop(times)
  let took = urcu_thread_time() &- begin
  precondition(found == times, "one side of a pair did not do what is measured")
  return took
}

func row(
  _ name: String, _ ours: (UInt64) -> UInt64, _ theirs: (UInt64) -> UInt64, budget: Double? = nil
) {
  let pairing = Pairing(name, pairs: 401, ours: { timed(ours) }, theirs: { timed(theirs) })
  print(pairing.row(budget: budget))
}

let arguments = CommandLine.arguments
if !urcu_is_here() {
  print("Nothing to compare with: install liburcu (Debian: liburcu-dev) and build again.")
} else if arguments.count == 4, arguments[1] == "count", let times = UInt64(arguments[3]) {
  urcu_begin_reading()
  _ = arguments[2] == "ours" ? ReadLoops.read(times) : urcu_loop_read(times)
} else {
  urcu_begin_reading()
  print(Pairing.heading)
  row("section, theirs inlined", ReadLoops.read, urcu_loop_read, budget: 1.0)
  row("nested section, theirs inlined", ReadLoops.nested, urcu_loop_nested)
  row("section, theirs called", ReadLoops.read, urcu_loop_calls)
}
