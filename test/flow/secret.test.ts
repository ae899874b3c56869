import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret, withoutSecrets } from "../../src/flow/secret.js";

test("a secret is not shown", () => {
  const secret = new Secret("a-secret-word");
  expect([`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })].join()).not.toContain(
    "a-secret-word",
  );
  expect(secret.reveal()).toBe("a-secret-word");
});

test("what others say is repeated without secrets", () => {
  const secrets = [new Secret("a-secret-word"), new Secret("$&.*"), new Secret("abc")];
  expect(withoutSecrets("a-secret-word and a-secret-word, $&.*")).toBe("[secret] and [secret], [secret]");
  expect(withoutSecrets("a-sent-word", [new Secret("sent")])).toBe("a-[secret]-word");
  // Too short to tell from other words.
  expect(withoutSecrets("abcd")).toBe("abcd");
  expect(secrets).toHaveLength(3);
});
