/** The five businesses the engine comes with. A channel starts from one of them; an order keeps its own snapshot. */

import type { Preset, PresetName } from './policy.ts';
import { ESCROW_PLATFORM } from './presets/escrow-platform.ts';
import { FLIIPLY } from './presets/fliiply.ts';
import { MULTI_VENDOR } from './presets/multi-vendor.ts';
import { PI_MARKET } from './presets/pi-market.ts';
import { PILIMARKET } from './presets/pilimarket.ts';

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  'pi-market': PI_MARKET,
  'multi-vendor': MULTI_VENDOR,
  fliiply: FLIIPLY,
  'escrow-platform': ESCROW_PLATFORM,
  pilimarket: PILIMARKET,
};
