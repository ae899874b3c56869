/** Pictures as they come out of a JPEG of half the colours (4:2:0): one colour for four pixels, and a smooth way between. */

type Plane = Float32Array;

/** RGBA of pixels 0xAARRGGBB; grey ones stay as they are. */
export function halfColours(pixels: Int32Array, width: number, height: number): Uint8Array {
  const result = new Uint8Array(pixels.length * 4).fill(255);
  const isGrey = pixels.every(
    (pixel) => (pixel & 0xff) === ((pixel >> 8) & 0xff) && ((pixel ^ (pixel >> 8)) & 0xff00) === 0,
  );
  const [blueness, redness] = isGrey ? [] : colourPlanes(pixels, width, height);
  for (let index = 0, at = 0; index < pixels.length; index++, at += 4) {
    const pixel = pixels[index]!;
    const [red, green, blue] = [(pixel >> 16) & 0xff, (pixel >> 8) & 0xff, pixel & 0xff];
    if (!blueness || !redness) {
      result.fill(red, at, at + 3);
      continue;
    }
    const light = 0.299 * red + 0.587 * green + 0.114 * blue;
    const [cb, cr] = [blueness[index]!, redness[index]!];
    result[at] = clipped(light + 1.402 * cr);
    result[at + 1] = clipped(light - 0.344136 * cb - 0.714136 * cr);
    result[at + 2] = clipped(light + 1.772 * cb);
  }
  return result;
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
}

/** Cb and Cr of every pixel, after both were halved and made whole again. */
function colourPlanes(pixels: Int32Array, width: number, height: number): [Plane, Plane] {
  const [half, low] = [(width + 1) >> 1, (height + 1) >> 1];
  const halved: [Plane, Plane] = [new Float32Array(half * low), new Float32Array(half * low)];
  for (let y = 0; y < low; y++) {
    for (let x = 0; x < half; x++) {
      let [cb, cr] = [0, 0];
      for (let corner = 0; corner < 4; corner++) {
        const row = Math.min(2 * y + (corner >> 1), height - 1);
        const pixel = pixels[row * width + Math.min(2 * x + (corner & 1), width - 1)]!;
        const [red, green, blue] = [(pixel >> 16) & 0xff, (pixel >> 8) & 0xff, pixel & 0xff];
        cb += -0.168736 * red - 0.331264 * green + 0.5 * blue;
        cr += 0.5 * red - 0.418688 * green - 0.081312 * blue;
      }
      halved[0][y * half + x] = cb / 4;
      halved[1][y * half + x] = cr / 4;
    }
  }
  return [doubled(halved[0], half, low, width, height), doubled(halved[1], half, low, width, height)];
}

/** Three parts of the nearest value and one of the next, in both directions. */
function doubled(plane: Plane, half: number, low: number, width: number, height: number): Plane {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const [near, next] = neighbours(y, low);
    for (let x = 0; x < width; x++) {
      const [left, right] = neighbours(x, half);
      const here = 3 * plane[near * half + left]! + plane[near * half + right]!;
      const there = 3 * plane[next * half + left]! + plane[next * half + right]!;
      result[y * width + x] = (3 * here + there) / 16;
    }
  }
  return result;
}

function neighbours(at: number, count: number): [number, number] {
  const near = at >> 1;
  const next = near + ((at & 1) === 0 ? -1 : 1);
  return [near, Math.max(0, Math.min(count - 1, next))];
}
