// What a look at a signaled fence costs beside the product of two 4×4 matrices, for one thread,
// two, and so on up to the number of processors. Prints ratios and never a time.
//
//   CacheLineBenchmarks [THREADS]     the most threads at once, else one for each processor

internal import Foundation

#if !Bare
  #error("looks are measured without the seam: build with the trait Bare")
#endif

let threadCountMax =
  CommandLine.arguments.dropFirst().first.flatMap { Int($0) }
  ?? ProcessInfo.processInfo.activeProcessorCount
LookTable.print(threadCountMax: max(1, threadCountMax))
