/**
 * Begins both and waits for both. If one fails, the other is told to stop and released when it is there, and the first
 * failure is thrown.
 */
export async function bothOrNeither<A, B>(
  signal: AbortSignal | undefined,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
  releaseFirst: (value: A) => Promise<void>,
  releaseSecond: (value: B) => Promise<void>,
): Promise<[A, B]> {
  const stop = new AbortController();
  const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let failure: { readonly error: unknown } | undefined;
  const noting = async <T>(start: (signal: AbortSignal) => Promise<T>) => {
    try {
      return { value: await start(stopped) };
    } catch (error) {
      failure ??= { error };
      stop.abort();
      return undefined;
    }
  };
  const [a, b] = await Promise.all([noting(first), noting(second)]);
  if (failure === undefined) return [a!.value, b!.value];
  if (a) await releaseFirst(a.value);
  if (b) await releaseSecond(b.value);
  throw failure.error;
}
