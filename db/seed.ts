/** Demo data: a channel per preset, accounts to log in with, shops and things to buy. Running it again adds nothing. */

import { pathToFileURL } from 'node:url';
import type { EntityManager } from '@mikro-orm/postgresql';
import { hash } from '@node-rs/argon2';
import { PRESET_NAMES } from '../domain/policy/policy.ts';
import { PRESETS } from '../domain/policy/presets.ts';
import { Channel } from './entities/channel.entity.ts';
import { Listing } from './entities/listing.entity.ts';
import { Product } from './entities/product.entity.ts';
import { SellerAccount } from './entities/seller-account.entity.ts';
import { Shop } from './entities/shop.entity.ts';
import { UserAccount } from './entities/user-account.entity.ts';
import { derivedId } from './new-id.ts';
import { initOrm } from './orm.ts';
import { codeOf } from './referrals/codes.ts';
import { DEMO_PASSWORD, DEMO_PRODUCTS, DEMO_SHOPS, DEMO_USERS } from './seed-data.ts';

/** Inserts what is missing, in one transaction; rows that exist stay as they are. */
export async function seed(em: EntityManager): Promise<void> {
  const passwordHash = await hash(DEMO_PASSWORD);
  await em.fork().transactional(async (tx) => {
    const ignore = { onConflictAction: 'ignore', disableIdentityMap: true } as const;
    await tx.upsertMany(Channel, channels(), { ...ignore, onConflictFields: ['slug'] });
    await tx.upsertMany(UserAccount, users(passwordHash), { ...ignore, onConflictFields: ['email'] });
    for (const { email } of DEMO_USERS) await codeOf(tx, userId(email));
    await tx.upsertMany(SellerAccount, sellerAccounts(), ignore);
    await tx.upsertMany(Shop, shops(), ignore);
    await tx.upsertMany(Product, products(), ignore);
    await tx.upsertMany(Listing, listings(), ignore);
  });
}

const channelId = (slug: string) => derivedId('channel', 'demo', slug);
const userId = (email: string) => derivedId('user', 'demo', email);
const shopId = (name: string) => derivedId('shop', 'demo', name);
const productId = (title: string) => derivedId('product', 'demo', title);

function channels() {
  return PRESET_NAMES.map((preset) => {
    const { title, policy } = PRESETS[preset];
    return { id: channelId(preset), slug: preset, name: title, currency: policy.currency, preset, policy };
  });
}

function users(passwordHash: string) {
  return DEMO_USERS.map(({ email, displayName, accountType, roles, level }) => {
    return { id: userId(email), email, displayName, accountType, roles: [...roles], level, passwordHash };
  });
}

function sellerAccounts() {
  return DEMO_USERS.flatMap(({ email, stripeAccount }) =>
    stripeAccount === null
      ? []
      : [{ userId: userId(email), provider: 'stripe' as const, accountId: stripeAccount, transfersEnabled: true }],
  );
}

function shops() {
  return DEMO_SHOPS.map(({ name, channel, owner, lat, lng }) => {
    return { id: shopId(name), ownerId: userId(owner), channelId: channelId(channel), name, lat, lng };
  });
}

function shopOf(name: string) {
  const shop = DEMO_SHOPS.find((each) => each.name === name);
  if (shop === undefined) throw new Error(`no demo shop ${name}`);
  return shop;
}

function products() {
  return DEMO_PRODUCTS.map(({ title, shop, description, category, digitalContent = null }) => ({
    id: productId(title),
    shopId: shopId(shop),
    channelId: channelId(shopOf(shop).channel),
    title,
    description,
    kind: digitalContent === null ? ('physical' as const) : ('digital' as const),
    categorySlug: category,
    attributes: {},
    digitalContent,
    status: 'ACTIVE' as const,
  }));
}

function listings() {
  return DEMO_PRODUCTS.map(({ title, shop, priceMinor, stock }) => {
    const { channel, owner } = shopOf(shop);
    return {
      id: derivedId('listing', 'demo', title),
      productId: productId(title),
      shopId: shopId(shop),
      channelId: channelId(channel),
      sellerId: userId(owner),
      priceMinor,
      currency: PRESETS[channel].policy.currency,
      stock,
      status: 'ACTIVE' as const,
    };
  });
}

async function main(): Promise<void> {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) throw new Error('Set DATABASE_URL to the database to seed.');
  if (process.env.NODE_ENV === 'production') throw new Error('Demo data has no place in production.');
  const orm = await initOrm(databaseUrl, { pool: { max: 1 } });
  try {
    await seed(orm.em);
  } finally {
    await orm.close();
  }
  process.stdout.write(`Seeded: log in as ${DEMO_USERS.map((user) => user.email).join(', ')} with ${DEMO_PASSWORD}.\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
