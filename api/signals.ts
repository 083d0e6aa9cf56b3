/** What a request tells about its device and place: keyed hashes, so that accounts compare and nothing can be read back. */

import { createHmac } from 'node:crypto';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Signals } from '../db/fraud/signals.ts';
import type { AppEnv } from './context.ts';

/** What a client calls its device: 8 to 200 printable characters. Anything else is as if it had not been sent. */
const DEVICE_ID = /^[\x21-\x7e](?:[\x20-\x7e]{6,198})[\x21-\x7e]$/;
const HASH_CHARS = 32;
/** A household has a whole network of this size, and its devices change their address within it. */
const IPV6_GROUPS_KEPT = 4;

/** Addresses of networks of their own: they tell a proxy or a neighbour, never who is asking. */
const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv6');
}

/** Hashes of the device (X-Device-Id) and of the public address the request came from; null where there is none. */
export function signalsOf(c: Context<AppEnv>): Signals {
  const { key, trustedProxies } = c.get('deps').config.signals;
  const device = c.req.header('X-Device-Id') ?? '';
  const address = clientAddress(remoteAddress(c), c.req.header('X-Forwarded-For'), trustedProxies);
  return {
    deviceHash: DEVICE_ID.test(device) ? hash(key, 'device', device) : null,
    ipHash: address === null ? null : hash(key, 'address', address),
  };
}

/**
 * The address of the client as far as it can be believed: each proxy of ours adds, on the right of X-Forwarded-For, who
 * connected to it; what is further left anybody may have written. An IPv6 address counts as its network (/64). Null for
 * addresses that are not public.
 */
export function clientAddress(remote: string | null, forwarded: string | undefined, proxies: number): string | null {
  const hops = (forwarded ?? '').split(',').map((hop) => hop.trim());
  const believed = proxies > 0 && forwarded !== undefined ? (hops.at(-proxies) ?? hops[0]) : remote;
  const plain = (believed ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) === 0 || NOT_PUBLIC.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')) return null;
  return isIPv4(plain) ? plain : networkOf(plain);
}

function networkOf(ipv6: string): string {
  // The URL parser writes every IPv6 address in its one canonical form.
  const canonical = new URL(`http://[${ipv6.split('%')[0]}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return `${groups.slice(0, IPV6_GROUPS_KEPT).join(':')}::/64`;
}

/** Null for a request that came over no connection. */
function remoteAddress(c: Context<AppEnv>): string | null {
  try {
    return getConnInfo(c).remote.address ?? null;
  } catch {
    return null;
  }
}

function hash(key: string, kind: 'device' | 'address', value: string): string {
  return createHmac('sha256', key).update(`${kind}\0${value}`).digest('hex').slice(0, HASH_CHARS);
}
