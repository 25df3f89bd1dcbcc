// Executions per second of the explorer against those of its unreduced twin, over the same
// coroutines and the same programs. Prints ratios and never a time.
//
// The twin is the naive depth-first search of the budgets: it schedules accesses and nothing else,
// and asks the same detectors.

internal import BenchmarkKit
internal import Explorer

print("time for one execution, reduced over unreduced")
print(Pairing.heading)
for scenario in Scenario.all { print(scenario.costOfAnExecution().row()) }
print("")
let searches: [(String, ExplorationOptions.Reduction, ExplorationOptions.Memory)] = [
  ("by interleavings", .dynamic, .sequential),
  ("by graphs", .graphs, .sequential),
  ("by graphs in weak memory", .graphs, .weak),
]
for (title, reduction, memory) in searches {
  print("whole search \(title), over the unreduced one in sequential memory")
  print(Pairing.heading)
  for scenario in Scenario.all {
    let search = scenario.wholeSearch(reduction, memory)
    print(
      search.pairing.row(budget: search.budget(ofGraphs: reduction == .graphs))
        + "  \(search.executions) of \(search.unreduced) executions")
  }
  print("")
}
