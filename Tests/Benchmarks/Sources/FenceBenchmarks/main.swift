// Ours against the C twin, in one process. Prints ratios and never a time.
//
//   FenceBenchmarks              the table
//   FenceBenchmarks count NAME ours|theirs TIMES
//                                one loop, for a tool that counts instructions

#if !Bare
  #error("the fence is measured without its seam: build with the trait Bare")
#endif

if CommandLine.arguments.count == 5, CommandLine.arguments[1] == "count" {
  CountedLoop.run(Array(CommandLine.arguments.dropFirst(2)))
} else {
  Table.print()
}
