declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs" {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    /** To 255. */
    readonly bitsPerSample: number;
    /** 1: grey. More, to 255: red, green and blue. */
    readonly componentCount: number;
    readonly isSigned: boolean;
  }

  interface JpegEncoder {
    setQuality(quality: number): void;
    setProgressive(progressive: 0 | 1): void;
    /** @param subsampling a number of `TJSAMP`. */
    setSubSampling(subsampling: number): void;
    /** Memory for the pixels, with as many bytes as the frame is said to have. Gone when more is taken. */
    getDecodedBuffer(frame: FrameInfo): Uint8Array;
    /** Into as many bytes as the pixels have. */
    encode(): void;
    /** A copy. */
    getEncodedBuffer(): Uint8ClampedArray<ArrayBuffer>;
    delete(): void;
  }

  export interface LibJpegTurbo {
    readonly JPEGEncoder: new () => JpegEncoder;
  }

  /** Makes an instance with memory of its own. */
  export default function libjpegturbowasm(): Promise<LibJpegTurbo>;
}
