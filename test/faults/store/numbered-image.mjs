/** Images whose pixels follow from numbers in their headers. */

/** 32 x 32 float32 pixels. */
export function imageOf(worker, serial) {
  const data = new Float32Array(1024);
  for (let index = 0; index < data.length; index++)
    data[index] = ((worker + 1) * 1_000_003 + serial * 31 + index) % 65_521;
  return { data, shape: [32, 32], header: { worker, serial } };
}

/** Whether an image is whole: pixels, statistics and header of one write. */
export function isWhole(image) {
  const { worker, serial, minimum, maximum } = image.header;
  const expected = imageOf(worker, serial).data;
  if (image.data.length !== expected.length || !expected.every((value, index) => value === image.data[index]))
    return false;
  return minimum === Math.min(...expected) && maximum === Math.max(...expected);
}
