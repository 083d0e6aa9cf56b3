/** Who and what the demo data consists of. Prices are minor units of the channel's currency. */

import type { PresetName } from '../domain/policy/policy.ts';
import type { AccountType, UserRole } from './statuses.ts';

/** Of every demo account. */
export const DEMO_PASSWORD = 'holdfast-demo-1';

type DemoUser = {
  email: string;
  displayName: string;
  accountType: AccountType;
  roles: readonly UserRole[];
  level: number;
  /** The seller's account at the payment simulator. */
  stripeAccount: string | null;
};

const person = { accountType: 'individual', roles: ['user'], level: 1, stripeAccount: null } as const;

export const DEMO_USERS: readonly DemoUser[] = [
  { ...person, email: 'admin@holdfast.test', displayName: 'Ada Admin', roles: ['user', 'admin'] },
  { ...person, email: 'moderator@holdfast.test', displayName: 'Mo Moderator', roles: ['user', 'moderator'] },
  { ...person, email: 'verifier@holdfast.test', displayName: 'Vera Verifier', roles: ['user', 'verifier'] },
  {
    ...person,
    email: 'seller@holdfast.test',
    displayName: 'Selma Seller',
    accountType: 'professional',
    stripeAccount: 'acct_sim_seller',
  },
  {
    ...person,
    email: 'seller2@holdfast.test',
    displayName: 'Sergio Seller',
    accountType: 'professional',
    level: 2,
    stripeAccount: 'acct_sim_seller2',
  },
  { ...person, email: 'buyer@holdfast.test', displayName: 'Bea Buyer' },
];

type DemoShop = { name: string; channel: PresetName; owner: string; lat: number; lng: number };

export const DEMO_SHOPS: readonly DemoShop[] = [
  { name: 'Northlight Ceramics', channel: 'multi-vendor', owner: 'seller@holdfast.test', lat: 51.4545, lng: -2.5879 },
  { name: 'Oak & Iron Workshop', channel: 'multi-vendor', owner: 'seller2@holdfast.test', lat: 53.4808, lng: -2.2426 },
  { name: 'Galerie des Cartes', channel: 'fliiply', owner: 'seller@holdfast.test', lat: 48.8566, lng: 2.3522 },
  { name: 'Foil & First Edition', channel: 'fliiply', owner: 'seller2@holdfast.test', lat: 45.764, lng: 4.8357 },
  { name: 'Circuit Corner', channel: 'escrow-platform', owner: 'seller@holdfast.test', lat: 37.7749, lng: -122.4194 },
  { name: 'Harbor Cameras', channel: 'escrow-platform', owner: 'seller2@holdfast.test', lat: 47.6062, lng: -122.3321 },
  { name: 'Pioneer Goods', channel: 'pi-market', owner: 'seller@holdfast.test', lat: 1.3521, lng: 103.8198 },
];

type DemoProduct = {
  title: string;
  shop: string;
  category: string;
  priceMinor: number;
  stock: number;
  description: string;
  /** Present for digital goods. */
  digitalContent?: string;
};

export const DEMO_PRODUCTS: readonly DemoProduct[] = [
  {
    title: 'Stoneware dinner plate, ash glaze',
    shop: 'Northlight Ceramics',
    category: 'home',
    priceMinor: 3_200,
    stock: 48,
    description: 'Wheel-thrown, 27 cm, safe in oven and dishwasher. Each plate differs a little in tone.',
  },
  {
    title: 'Porcelain pour-over set',
    shop: 'Northlight Ceramics',
    category: 'kitchen',
    priceMinor: 6_000,
    stock: 30,
    description: 'Dripper and 600 ml server in white porcelain. Takes standard cone filters.',
  },
  {
    title: 'Speckled espresso cups, set of four',
    shop: 'Northlight Ceramics',
    category: 'kitchen',
    priceMinor: 4_400,
    stock: 25,
    description: 'Four 80 ml cups with a thumb rest instead of a handle.',
  },
  {
    title: 'Glaze recipes for home kilns (e-book)',
    shop: 'Northlight Ceramics',
    category: 'books',
    priceMinor: 1_200,
    stock: 10_000,
    description: '64 tested recipes for electric kilns, with firing curves. PDF, 118 pages.',
    digitalContent: 'Glaze recipes for home kilns\n\n1. Ash white: 40 feldspar, 30 wood ash, 20 kaolin, 10 silica ...',
  },
  {
    title: 'Hand-forged kitchen knife, 18 cm',
    shop: 'Oak & Iron Workshop',
    category: 'kitchen',
    priceMinor: 18_900,
    stock: 12,
    description: 'Carbon steel blade with a bog-oak handle. Comes with a leather sheath and a whetstone guide.',
  },
  {
    title: 'Oak serving board',
    shop: 'Oak & Iron Workshop',
    category: 'kitchen',
    priceMinor: 4_000,
    stock: 40,
    description: 'One piece of quarter-sawn oak, 45 by 20 cm, finished with food-safe oil.',
  },
  {
    title: 'Wall hooks, set of three',
    shop: 'Oak & Iron Workshop',
    category: 'home',
    priceMinor: 2_750,
    stock: 60,
    description: 'Twisted iron hooks with screws. Each carries 15 kg.',
  },
  {
    title: 'Fireside stool',
    shop: 'Oak & Iron Workshop',
    category: 'furniture',
    priceMinor: 14_500,
    stock: 8,
    description: 'Three-legged stool of oak, 42 cm high, wedged joints and no glue.',
  },
  {
    title: 'Charizard, Base Set, holo, French, near mint',
    shop: 'Galerie des Cartes',
    category: 'pokemon',
    priceMinor: 18_500,
    stock: 1,
    description:
      'Unlimited print of 1999. Sharp corners, one hairline on the back; kept in a sleeve since it was opened.',
  },
  {
    title: 'Pikachu Illustrator proxy display, framed',
    shop: 'Galerie des Cartes',
    category: 'pokemon',
    priceMinor: 7_000,
    stock: 3,
    description: 'A display piece, marked as a proxy on the back. Not for play.',
  },
  {
    title: 'Umbreon VMAX, alternate art, PSA 9',
    shop: 'Galerie des Cartes',
    category: 'pokemon',
    priceMinor: 12_000,
    stock: 2,
    description: 'Evolving Skies 215/203, graded 9 in 2024. Slab without scratches.',
  },
  {
    title: 'Black Lotus, Collector Edition, 1993',
    shop: 'Foil & First Edition',
    category: 'magic',
    priceMinor: 24_000,
    stock: 1,
    description: 'Square corners, gold back, not tournament legal. Very good condition, inspected twice.',
  },
  {
    title: 'Booster box, Modern Horizons 3, English',
    shop: 'Foil & First Edition',
    category: 'magic',
    priceMinor: 3_000,
    stock: 15,
    description: '36 play boosters, sealed.',
  },
  {
    title: 'Yu-Gi-Oh! Blue-Eyes White Dragon, LOB-001, played',
    shop: 'Foil & First Edition',
    category: 'magic',
    priceMinor: 2_000,
    stock: 80,
    description: 'First print, visible wear on the edges. A fair price for a favourite.',
  },
  {
    title: 'Mechanical keyboard, 75 %',
    shop: 'Circuit Corner',
    category: 'electronics',
    priceMinor: 13_900,
    stock: 35,
    description: 'Hot-swappable switches, aluminium case, wired and wireless. US layout.',
  },
  {
    title: 'Refurbished 14-inch laptop',
    shop: 'Circuit Corner',
    category: 'electronics',
    priceMinor: 50_000,
    stock: 20,
    description: '16 GB of memory, 512 GB drive, new battery. Tested for 24 hours, 12 months of warranty.',
  },
  {
    title: 'USB-C bench power supply',
    shop: 'Circuit Corner',
    category: 'electronics',
    priceMinor: 8_450,
    stock: 50,
    description: '0 to 20 V, 5 A, with constant-current mode and a readable display.',
  },
  {
    title: 'Field guide to PCB layout (e-book)',
    shop: 'Circuit Corner',
    category: 'books',
    priceMinor: 2_900,
    stock: 10_000,
    description: 'From schematic to board house in 90 pages, with example projects. PDF and EPUB.',
    digitalContent: 'Field guide to PCB layout\n\nChapter 1: where return currents flow ...',
  },
  {
    title: 'Rangefinder camera, 1968',
    shop: 'Harbor Cameras',
    category: 'photography',
    priceMinor: 42_000,
    stock: 2,
    description: 'Serviced shutter, clean finder, 45 mm f/1.7 lens without haze.',
  },
  {
    title: 'Medium-format starter kit',
    shop: 'Harbor Cameras',
    category: 'photography',
    priceMinor: 120_000,
    stock: 3,
    description: 'Body, waist-level finder, 80 mm lens and two film backs. Film-tested.',
  },
  {
    title: 'Black-and-white film, five rolls',
    shop: 'Harbor Cameras',
    category: 'photography',
    priceMinor: 4_750,
    stock: 120,
    description: 'ISO 400, 36 exposures each, cold-stored, two years before expiry.',
  },
  {
    title: 'Kopi starter box',
    shop: 'Pioneer Goods',
    category: 'food',
    priceMinor: 2_650,
    stock: 70,
    description: 'Two blends of traditionally roasted coffee, a cloth filter and instructions.',
  },
  {
    title: 'Batik table runner',
    shop: 'Pioneer Goods',
    category: 'home',
    priceMinor: 5_800,
    stock: 18,
    description: 'Hand-stamped cotton, 180 by 35 cm, fast colours.',
  },
  {
    title: 'Brass incense burner',
    shop: 'Pioneer Goods',
    category: 'home',
    priceMinor: 3_900,
    stock: 22,
    description: 'Cast brass with a removable tray, 11 cm high.',
  },
];
