import Fences
import Testing

struct DeduplicationTests {
  @Test func `of each context the latest fence remains`() {
    let (old, new) = (Plain.fence(context: 9, seqno: 1), Plain.fence(context: 9, seqno: 2))
    let other = Plain.fence(context: 8, seqno: 1)
    var fences = [old.get(), new, other]
    Fence.removeDuplicates(from: &fences)
    #expect(fences == [other, new])
    #expect(old.referenceCount == 1)
    for fence in fences { fence.put() }
    old.put()
  }

  @Test func `sequence numbers wrap when duplicates are removed`() {
    let (before, after) = (
      Plain.fence(context: 9, seqno: 0xffff_ffff), Plain.fence(context: 9, seqno: 1)
    )
    var fences = [before, after]
    Fence.removeDuplicates(from: &fences)
    #expect(fences == [after])
    after.put()
  }

  @Test func `R8 · no fences at all stay no fences`() {
    var fences: [Fence] = []
    Fence.removeDuplicates(from: &fences)
    #expect(fences.isEmpty)
  }
}
