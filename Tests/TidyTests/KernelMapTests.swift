import Testing

struct KernelMapTests {
  private let source = SourceFile("Sources/Fences/Fence.swift", "func signal(error: Int) {}")

  private func gaps(_ row: String) -> [Int] {
    let table = "| kernel | ours | file |\n|---|---|---|\n\(row)\n"
    return kernelMapGaps(in: SourceFile("Documentation/KernelMap.md", table), among: [source])
      .map(\.line)
  }

  @Test func `a row that names a missing file is found`() {
    #expect(gaps("| `dma_fence_signal` | `Fence.signal(error:)` | `Sources/F/F.swift` |") == [3])
  }

  @Test func `a row that names a missing declaration is found`() {
    #expect(gaps("| `dma_fence_wait` | `Fence.wait()` | `Sources/Fences/Fence.swift` |") == [3])
  }

  @Test func `a row that holds is fine`() {
    #expect(
      gaps("| `dma_fence_signal` | `Fence.signal()` | `Sources/Fences/Fence.swift` |").isEmpty)
  }

  @Test func `the map names what exists`() {
    guard let map = Repository.file("Documentation/KernelMap.md") else { return }
    expectTidy(kernelMapGaps(in: map, among: Repository.files))
  }
}
