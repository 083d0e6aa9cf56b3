/** Errors as PayMongo answers them: https://developers.paymongo.com/docs/errors */

type FaultStatus = 400 | 401 | 404 | 429 | 500;

/** Thrown by the engine and the routes. */
export class PayMongoFault extends Error {
  readonly status: FaultStatus;
  readonly body: { errors: { code: string; detail: string; source?: { pointer: string; attribute: string } }[] };

  constructor(status: FaultStatus, code: string, detail: string, attribute?: string) {
    super(detail);
    this.name = 'PayMongoFault';
    this.status = status;
    const source = attribute === undefined ? {} : { source: { pointer: `attributes.${attribute}`, attribute } };
    this.body = { errors: [{ code, detail, ...source }] };
  }
}

export function noSuch(kind: string, id: string): PayMongoFault {
  return new PayMongoFault(404, 'resource_not_found', `No such ${kind} with id ${id}.`, 'id');
}

/** The object is in another state than the call needs: `resource_<state>_state`. */
export function wrongState(state: string, detail: string): PayMongoFault {
  return new PayMongoFault(400, `resource_${state}_state`, detail);
}
