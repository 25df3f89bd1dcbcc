import Fences
import Kernel
import Machine
import Testing

/// The rows of the kernel's `dma-buf-fence-unwrap` suite, under their own names.
struct UnwrapRows {
  @Test func `dma-buf-fence-unwrap: test_sanitycheck`() throws {
    let fence = Mock.enabled()
    try chain(nil, array(fence)).put()
    fence.put()
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_array`() throws {
    let (one, two) = (Mock.enabled(), Mock.enabled())
    let array = try array(one, two)
    #expect(array.parts == [one, two])
    end(array, one, two)
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_chain`() throws {
    let (one, two) = (Mock.enabled(), Mock.enabled())
    let chain = try chain(one.get(), two.get())
    #expect(chain.parts == [two, one])
    end(chain, one, two)
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_chain_array`() throws {
    let (one, two) = (Mock.enabled(), Mock.enabled())
    let chain = try chain(nil, array(one, two))
    #expect(chain.parts == [one, two])
    end(chain, one, two)
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_merge`() throws {
    let (one, two) = (Mock.enabled(), Mock.enabled())
    let merged = try merge(one, two)
    #expect(Set(merged.parts) == [one, two] && merged.parts.count == 2)
    end(merged, one, two)
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_merge_duplicate`() throws {
    let one = Mock.enabled()
    let merged = try merge(one, one)
    #expect(merged.parts == [one])
    end(merged, one)
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_merge_seqno`() throws {
    let first = FenceContext.allocate(2)
    let one = Mock.enabled(context: first + 1, seqno: 1)
    let two = Mock.enabled(context: first + 1, seqno: 2)
    let three = Mock.enabled(context: first, seqno: 1)
    let merged = try merge(one, two, three)
    #expect(merged.parts == [three, two])
    end(merged, one, two, three)
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_merge_order`() throws {
    let (one, two) = (Mock.enabled(), Mock.enabled())
    let array = try array(one, two)
    let chain = try chain(chain(nil, one.get()), two.get())
    let merged = try merge(array, chain)
    #expect(merged.parts == [one, two])
    end(merged, array, chain, one, two)
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_merge_complex`() throws {
    let (one, two, stub) = (Mock.enabled(), Mock.enabled(), Fence.stub())
    let three = try merge(one, two)
    let four = try array(two, one)
    let merged = try merge(three, four, stub)
    #expect(Set(merged.parts) == [one, two] && merged.parts.count == 2)
    end(merged, three, four, stub, one, two)
  }

  @Test func `dma-buf-fence-unwrap: test_unwrap_merge_complex_seqno`() throws {
    let first = FenceContext.allocate(2)
    let one = Mock.enabled(context: first, seqno: 2)
    let two = Mock.enabled(context: first + 1, seqno: 1)
    let three = Mock.enabled(context: first, seqno: 1)
    let four = Mock.enabled(context: first + 1, seqno: 2)
    let (left, right) = (try array(one, two), try array(three, four))
    let merged = try merge(left, right)
    #expect(merged.parts == [one, four])
    end(merged, left, right, one, two, three, four)
  }

  private func array(_ fences: Fence...) throws -> Fence {
    let array = FenceArray.make(
      fences.map { $0.get() }, context: FenceContext.allocate(), seqno: 1)
    return try enabled(#require(array).fence)
  }

  /// Takes both references over.
  private func chain(_ previous: Fence?, _ fence: Fence) throws -> Fence {
    try enabled(#require(FenceChain.make(previous: previous, fence: fence, seqno: 1)).fence)
  }

  private func merge(_ fences: Fence...) throws -> Fence { try #require(Fence.merge(fences)) }

  private func enabled(_ fence: Fence) -> Fence {
    fence.enableSignaling()
    return fence
  }

  /// Signals the plain fences and gives everything back.
  private func end(_ fences: Fence...) {
    for fence in fences where !fence.isContainer { fence.signal() }
    for fence in fences { fence.put() }
  }
}
