/** Connections that workers on any machines may have together, counted by Redis and its clock. */
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { ConnectionSlot } from "./job-queue.js";

/** Gives a slot, or makes it last longer: KEYS all slots; ARGV holder, milliseconds, limit (-1: only if it is held). */
const HOLD = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now)
local held = redis.call("ZSCORE", KEYS[1], ARGV[1])
local limit = tonumber(ARGV[3])
if not held and (limit < 0 or redis.call("ZCARD", KEYS[1]) >= limit) then return 0 end
redis.call("ZADD", KEYS[1], now + ARGV[2], ARGV[1])
return 1`;

type Ask = <T>(ask: (redis: Redis) => Promise<T>) => Promise<T>;

/** The right to a connection; undefined where `limit` of them are given. */
export async function redisSlot(
  ask: Ask,
  key: string,
  limit: number,
  leaseMilliseconds: number,
): Promise<ConnectionSlot | undefined> {
  const holder = randomUUID();
  const hold = async (most: number) =>
    (await ask((redis) => redis.eval(HOLD, 1, key, holder, leaseMilliseconds, most))) === 1;
  if (!(await hold(limit))) return undefined;
  return {
    renew: () => hold(-1),
    free: async () => void (await ask((redis) => redis.zrem(key, holder))),
  };
}
