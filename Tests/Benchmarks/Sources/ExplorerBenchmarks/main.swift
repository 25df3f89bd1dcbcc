// Executions per second of the explorer against those of its unreduced twin, over the same
// coroutines and the same programs. Prints ratios and never a time.

internal import BenchmarkKit
internal import Explorer

print("time for one execution, reduced over unreduced")
print(Pairing.heading)
for scenario in Scenario.all { print(scenario.costOfAnExecution().row()) }
print("")
print("whole search, reduced over unreduced, where the unreduced tree can be finished")
print(Pairing.heading)
for scenario in Scenario.all {
  let search = scenario.wholeSearch()
  print(search.pairing.row() + " \(search.executions) of \(search.unreduced) executions")
}
