/** What is read is readonly, as the compiler sees it: changing it would change nothing in the store. */
import type { Table } from "apache-arrow";
import { expectTypeOf, it } from "vitest";
import type { ReadValue, Storable, StoreDictionary } from "../../src/store/index.js";

type Settings = {
  list: string[];
  nested: { pair: [number, string]; when: Date; by?: Map<string, { n: number }> };
  pixels: Float32Array;
};

it("values that were read are readonly, all through", () => {
  expectTypeOf<ReadValue<string[]>>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<ReadValue<number | string[] | null>>().toEqualTypeOf<number | readonly string[] | null>();
  expectTypeOf<ReadValue<Set<number[]>>>().toEqualTypeOf<ReadonlySet<readonly number[]>>();
  expectTypeOf<ReadValue<Settings>["list"]>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<ReadValue<Settings>["nested"]["pair"]>().toEqualTypeOf<readonly [number, string]>();
  expectTypeOf<ReadValue<Settings>["nested"]["by"]>().toEqualTypeOf<
    ReadonlyMap<string, { readonly n: number }> | undefined
  >();
  expectTypeOf<ReadValue<Settings>["pixels"]>().toEqualTypeOf<Float32Array>();
  expectTypeOf<ReadValue<Storable>>().toEqualTypeOf<Storable>();
  expectTypeOf<ReadValue<unknown>>().toEqualTypeOf<unknown>();
  expectTypeOf<ReadValue<Table>["numRows"]>().toEqualTypeOf<number>();
});

it("a value is replaced by one made of what was read", () => {
  const replace = (dictionary: StoreDictionary) =>
    dictionary.update<Settings>("settings", (old) => ({ ...old!, list: [...old!.list, "more"] }));
  expectTypeOf(replace).returns.resolves.toEqualTypeOf<Settings>();
});
