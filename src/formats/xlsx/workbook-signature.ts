/** Whether text of latin1 begins a ZIP file whose first entries are those of an Excel workbook. */
export function beginsWorkbook(text: string): boolean {
  return text.startsWith("PK\x03\x04") && /(?:\[Content_Types\]\.xml|_rels\/\.rels|xl\/|docProps\/)/.test(text);
}
