@description('Name of the vault.')
param name string

@description('Where it is.')
param location string

@description('Tags of the environment.')
param tags object

@description('Whether a deleted vault can be destroyed only by the passing of time.')
param purgeProtection bool

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // The vault takes true or nothing: false is refused once it was true.
    enablePurgeProtection: purgeProtection ? true : null
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
  }
}

// Deploying again neither replaces nor rotates a key that is there. Rotation makes the new version current at once, which the
// service does not follow: it announces a version for a day before it signs with it.
resource signingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'token-signing'
  properties: {
    kty: 'EC'
    curveName: 'P-256'
    keyOps: ['sign', 'verify']
    rotationPolicy: {
      attributes: {
        expiryTime: 'P1Y'
      }
      lifetimeActions: [
        {
          trigger: { timeAfterCreate: 'P90D' }
          action: { type: 'rotate' }
        }
      ]
    }
  }
}

// EC keys cannot wrap. Versions never expire: what an old one wrapped must open for as long as its row lives.
resource wrappingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'key-wrapping'
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: ['wrapKey', 'unwrapKey']
    rotationPolicy: {
      lifetimeActions: [
        {
          trigger: { timeAfterCreate: 'P1Y' }
          action: { type: 'rotate' }
        }
      ]
    }
  }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
output signingKeyName string = signingKey.name
output wrappingKeyName string = wrappingKey.name
