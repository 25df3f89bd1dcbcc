import Machine

/// Where the model puts what a run allocates.
///
/// Real addresses only tell objects apart. Objects stand one behind the other in the order of their
/// allocation, each at its own alignment, so that equal programs use equal lines everywhere.
struct ModelMemory {
  /// One object of the run.
  struct Block {
    let address: UInt
    let bytes: Int
    /// Where the model puts it.
    let start: Int
    let name: String
    let type: String
  }

  /// A place as the report names it.
  struct Place: Hashable {
    let line: Int
    /// Which object, and which of its fields.
    let object: String
    let field: String
  }

  private let lineBytes: Int
  /// Sorted by address.
  private var blocks: [Block] = []
  private var end = 0
  private var countByType: [String: Int] = [:]
  private var fields: [String: [(name: String, offset: Int)]] = [:]

  init(lineBytes: Int) { self.lineBytes = lineBytes }

  /// Names the fields of a record type.
  mutating func name(_ names: [(name: String, offset: Int)], of type: String) {
    fields[type] = names.sorted { $0.offset < $1.offset }
  }

  /// Puts an object behind the ones before it.
  mutating func place(
    _ address: UInt, bytes: Int, alignment: Int, type: String, name: String? = nil
  ) {
    // Memory that was another object before is this one from now on.
    blocks.removeAll { $0.address < address + UInt(bytes) && address < $0.address + UInt($0.bytes) }
    let alignment = max(alignment, 8)
    let start = (end + alignment - 1) / alignment * alignment
    end = start + max(bytes, 1)
    let ordinal = countByType[type, default: 0]
    countByType[type] = ordinal + 1
    let block = Block(
      address: address, bytes: bytes, start: start, name: name ?? "\(type) \(ordinal)", type: type)
    blocks.insert(block, at: firstIndex(after: address))
  }

  /// The place of a word.
  ///
  /// A word that belongs to no object known gets lines of its own.
  mutating func place(of address: UInt) -> Place {
    if let known = find(address) { return known }
    place(address & ~7, bytes: 8, alignment: lineBytes, type: "word")
    end = (end + lineBytes - 1) / lineBytes * lineBytes
    guard let new = find(address) else { preconditionFailure("a word was placed and is not there") }
    return new
  }

  private func find(_ address: UInt) -> Place? {
    let index = firstIndex(after: address)
    guard index > 0 else { return nil }
    let block = blocks[index - 1]
    guard address < block.address + UInt(block.bytes) else { return nil }
    let offset = Int(address - block.address)
    return Place(
      line: (block.start + offset) / lineBytes, object: block.name,
      field: field(at: offset, of: block.type))
  }

  private func field(at offset: Int, of type: String) -> String {
    let known = fields[type]?.last { $0.offset <= offset }
    return known?.name ?? (type == "word" ? "value" : "byte \(offset)")
  }

  private func firstIndex(after address: UInt) -> Int {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
