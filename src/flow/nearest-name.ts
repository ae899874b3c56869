import damerauLevenshtein from "damerau-levenshtein";

/** The name a mistyped one was probably meant to be, or undefined if none is near enough. Case counts little. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(name);
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const other = fold(candidate);
    if (Math.abs(other.length - wanted.length) >= least) continue;
    const distance = damerauLevenshtein(wanted, other).steps;
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

function fold(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
