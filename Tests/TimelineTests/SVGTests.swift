import Foundation
import Testing
import Timeline

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What an XML parser of the system reads in a drawing.
private final class Reading: NSObject, XMLParserDelegate {
  var elements: [String: Int] = [:]
  var identities: [String] = []
  var text = ""

  init?(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
    if let identity = attributes["id"] { identities.append(identity) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

private func hostileTimeline() -> Timeline {
  var timeline = Timeline(title: Hostile.texts.joined())
  for (index, text) in Hostile.texts.enumerated() {
    let track = timeline.track(text)
    let span = timeline.open(text, on: track, at: UInt64(index), kind: .wait, mark: .violation)
    let point = timeline.instant(text, on: track, at: UInt64(index * index))
    timeline.flow(from: span, to: point, label: text)
  }
  return timeline
}

@Test func `a drawing of hostile texts is well formed`() throws {
  for isStandalone in [false, true] {
    let options = SVGOptions(prefix: "\" onload=\"x", isStandalone: isStandalone)
    let reading = try #require(Reading(TimeChart(hostileTimeline()).svg(options)))
    #expect(reading.elements["svg"] == 1)
    #expect(reading.elements["script"] == nil)
    #expect(Set(reading.identities).count == reading.identities.count)
    #expect(reading.identities.allSatisfy { $0.hasPrefix("fl-") })
  }
}

@Test func `the description tells every event in words`() throws {
  let reading = try #require(Reading(TimeChart(Samples.job()).svg(SVGOptions(prefix: "job"))))
  #expect(reading.elements["desc"] == 1)
  for event in Samples.job().events { #expect(reading.text.contains(event.label)) }
  #expect(reading.text.contains("record freed (broke the rule)"))
}

@Test func `a drawing in a page takes the page's ink and a file brings its own`() {
  let inline = TimeChart(Samples.job()).svg(SVGOptions(prefix: "job"))
  #expect(inline.contains("currentColor"))
  #expect(!inline.contains("prefers-color-scheme"))
  let file = TimeChart(Samples.job()).svg(SVGOptions(prefix: "job", isStandalone: true))
  #expect(file.contains("prefers-color-scheme"))
}

@Test func `two drawings in one page share no identity`() throws {
  let first = try #require(Reading(TimeChart(Samples.job()).svg(SVGOptions(prefix: "one"))))
  let second = try #require(Reading(TimeChart(Samples.job()).svg(SVGOptions(prefix: "two"))))
  #expect(Set(first.identities).isDisjoint(with: second.identities))
}

@Test func `kinds and marks differ in more than colour`() {
  let svg = TimeChart(Samples.job()).svg(SVGOptions(prefix: "job"))
  #expect(svg.contains(".wait{") && svg.contains("stroke-dasharray"))
  #expect(svg.contains("#fl-job-hatch"))
  #expect(svg.contains("✗ record freed"))
}
