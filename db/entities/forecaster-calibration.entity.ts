/** How often somebody's forecasts of one decile of probability came true. */

import { defineEntity, p } from '@mikro-orm/postgresql';
import { id } from './columns.ts';

const ForecasterCalibrationSchema = defineEntity({
  name: 'ForecasterCalibration',
  tableName: 'forecaster_calibration',
  primaryKeys: ['userId', 'decile'],
  properties: {
    userId: id('user').primary(),
    /** 0: under 10 %; 9: from 90 %. */
    decile: p.integer().primary(),
    forecasts: p.integer().default(0),
    won: p.integer().default(0),
  },
});

/** A row of `forecaster_calibration`. */
export class ForecasterCalibration extends ForecasterCalibrationSchema.class {}
ForecasterCalibrationSchema.setClass(ForecasterCalibration);
