import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';

export const vaultProject = 'tests/AuthFunctions.FakeVault/AuthFunctions.FakeVault.csproj';

const program = 'tests/AuthFunctions.FakeVault/bin/Release/net10.0/AuthFunctions.FakeVault.dll';
const readyWithinMilliseconds = 30000;
const sources = { vault: 'KeyVault', wrapped: 'KeyVaultWrapped' };

/**
 * Starts a fake Key Vault on ports of its own choice. Returns the environment in which the service finds it, by the same
 * identity endpoint and credential as in Azure.
 */
export async function startVault(children, keys) {
  const certificate = join(tmpdir(), `authfunctions-vault-${process.pid}.pem`);
  let tellListening;
  const listening = new Promise(resolve => tellListening = resolve);
  children.start('the fake vault', 'dotnet', [
    program, '--certificate-file', certificate, '--key', 'token-signing:EC', '--key', 'key-wrapping:RSA',
  ], {
    onLine(line) {
      if (line.startsWith('{"vault":')) {
        tellListening(JSON.parse(line));
      } else {
        console.log(`vault   | ${line}`);
      }
    },
  });
  const said = await Promise.race([listening, delay(readyWithinMilliseconds, null)]);
  if (!said) {
    throw new Failure(`the fake vault was not ready within ${readyWithinMilliseconds / 1000} s.`);
  }
  console.log(`The fake vault listens on ${said.vault}; its switches for faults and clock on ${said.admin}.`);
  return {
    Keys__Source: sources[keys],
    Keys__VaultUri: said.vault,
    IDENTITY_ENDPOINT: said.identity_endpoint,
    IDENTITY_HEADER: said.identity_header,
    SSL_CERT_FILE: certificate,
  };
}
