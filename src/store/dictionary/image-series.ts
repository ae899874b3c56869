/** Many images in a dictionary at once: written group by group, and seen when the last one is there. */
import { invalidArgument, throwIfAborted } from "../../errors.js";
import { clearUp } from "../../flow/failures.js";
import type { NewImage } from "../images/image.js";
import type { Entries } from "../records/entries.js";
import type { ImageHead } from "../records/heads.js";
import { StagedContent } from "../records/staging.js";
import { isSequence } from "./batches.js";
import { checkKey } from "./keys.js";
import { prepareImage } from "./prepare.js";

/** So many bytes are written at once. */
const GROUP_BYTES = 16 * 1024 * 1024;

type PreparedImage = ReturnType<typeof prepareImage>;
type StagedImage = { readonly head: ImageHead; readonly content: StagedContent };

/**
 * Keeps images under the numbers from `first` on, or with -1 after the last number: all or none. Resolves to the keys.
 * @throws ArgumentError `INVALID_ARGUMENT`; StoreError; AbortError, and whatever `images` throws
 */
export async function writeImageSeries(
  entries: Entries,
  first: number,
  images: Iterable<NewImage> | AsyncIterable<NewImage>,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  if (!isSequence(images)) throw invalidArgument("Images are a list of them, or what gives them one by one");
  const staged: StagedImage[] = [];
  try {
    for await (const group of grouped(images)) {
      throwIfAborted(signal, "writing to the store");
      staged.push(...(await stage(entries, group, signal)));
    }
    return await entries.env.write(() => adoptAll(entries, first, staged));
  } catch (error) {
    await clearUp(() => StagedContent.discard(staged.map(({ content }) => content)));
    throw error;
  }
}

async function* grouped(images: Iterable<NewImage> | AsyncIterable<NewImage>) {
  let group: PreparedImage[] = [];
  let bytes = 0;
  for await (const image of images) {
    const prepared = prepareImage(image);
    if (bytes + prepared.bytes.length > GROUP_BYTES && group.length > 0) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(prepared);
    bytes += prepared.bytes.length;
  }
  if (group.length > 0) yield group;
}

async function stage(
  entries: Entries,
  group: readonly PreparedImage[],
  signal: AbortSignal | undefined,
): Promise<StagedImage[]> {
  const [{ bytes }] = group as [PreparedImage];
  const contents =
    bytes.length > GROUP_BYTES
      ? [await stageLong(entries, bytes, signal)]
      : await StagedContent.whole(
          entries,
          group.map((image) => image.bytes),
        );
  // The header is kept as bytes until the end, which are fewer.
  return group.map(({ head }, index) => ({ head: { ...head, header: {} }, content: contents[index]! }));
}

async function stageLong(entries: Entries, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<StagedContent> {
  const staged = await StagedContent.begin(entries);
  try {
    await staged.append(bytes, signal);
    await staged.finish();
    return staged;
  } catch (error) {
    await clearUp(() => StagedContent.discard([staged]));
    throw error;
  }
}

/** Within a write. */
function adoptAll(entries: Entries, first: number, staged: readonly StagedImage[]): number[] {
  const start = first === -1 ? entries.nextIndex() : first;
  return staged.map(({ head, content }, index) => {
    const key = checkKey(start + index);
    return entries.placeHead(key, { ...head, content: content.adopt() }) as number;
  });
}
