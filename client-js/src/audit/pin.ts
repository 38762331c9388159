import { isObject, isText } from "../json";

// What this device remembers of a log: whose signature it trusts, and the last checkpoint that it verified. Without it
// a server could show each visitor another history; with it, only one who was never here before.
export interface Pin {
  readonly key: string; // a verification key, trusted when it was first seen
  readonly since: string; // when
  readonly checkpoint: string; // the newest one that was verified
  readonly checked: string; // when
}

export interface PinStore {
  load(): Pin | undefined;
  save(pin: Pin): boolean; // false: this device keeps nothing
  forget(): void;
}

const pin_key = "mosty.audit.pin";

// One pin an origin of pages; it belongs to the device, not to a person, so that it outlives signing out.
export function localPins(storage: () => Storage): PinStore {
  return {
    load: () => {
      try {
        return pinFrom(JSON.parse(storage().getItem(pin_key) ?? "null"));
      } catch {
        return undefined;
      }
    },
    save: (pin) => {
      try {
        storage().setItem(pin_key, JSON.stringify(pin));
        return true;
      } catch {
        return false;
      }
    },
    forget: () => {
      try {
        storage().removeItem(pin_key);
      } catch {
        // Then nothing was kept either.
      }
    },
  };
}

function pinFrom(value: unknown): Pin | undefined {
  if (!isObject(value)) return undefined;
  const { key, since, checkpoint, checked } = value;
  return isText(key) && isText(since) && isText(checkpoint) && isText(checked) ? { key, since, checkpoint, checked } : undefined;
}
