@description('Object id of the service\'s identity.')
param servicePrincipalId string

@description('Object id of whoever may rotate the keys, or empty.')
param operatorPrincipalId string

@description('What the operator is.')
param operatorPrincipalType string

@description('Name of the storage account.')
param storageName string

@description('Name of the vault.')
param vaultName string

@description('Name of the key that signs tokens.')
param signingKeyName string

@description('Name of the Application Insights component.')
param componentName string

var roleIds = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
  'Key Vault Crypto User': '12338af0-0e69-4776-bea7-57ae8d297424'
  'Key Vault Crypto Officer': '14b46e9e-c2b7-41b4-b07b-48a6ebf60603'
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource signingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' existing = {
  parent: vault
  name: signingKeyName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

// The app's package, and the locks and state of the Functions host.
resource serviceOnBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, servicePrincipalId, roleIds['Storage Blob Data Owner'])
  scope: storage
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds['Storage Blob Data Owner'])
    description: 'The package of the app, and the locks of its timers'
  }
}

resource serviceOnTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, servicePrincipalId, roleIds['Storage Table Data Contributor'])
  scope: storage
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds['Storage Table Data Contributor'])
    description: 'The state of the service'
  }
}

resource serviceOnQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, servicePrincipalId, roleIds['Storage Queue Data Contributor'])
  scope: storage
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds['Storage Queue Data Contributor'])
    description: 'The messages that wake the delivery of mails'
  }
}

// Reads public keys, signs, wraps and unwraps.
resource serviceOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, servicePrincipalId, roleIds['Key Vault Crypto User'])
  scope: vault
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds['Key Vault Crypto User'])
    description: 'Signing tokens and wrapping keys'
  }
}

// Makes the version that stands by, and disables one that an operator pulls. Of this one key alone: the other opens what is stored.
resource serviceOnSigningKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(signingKey.id, servicePrincipalId, roleIds['Key Vault Crypto Officer'])
  scope: signingKey
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds['Key Vault Crypto Officer'])
    description: 'Rotating and retiring versions of the signing key'
  }
}

// The mail server's password, which an app setting refers to.
resource serviceOnSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, servicePrincipalId, roleIds['Key Vault Secrets User'])
  scope: vault
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds['Key Vault Secrets User'])
    description: 'The password of the mail server'
  }
}

resource serviceOnTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, servicePrincipalId, roleIds['Monitoring Metrics Publisher'])
  scope: component
  properties: {
    principalId: servicePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds['Monitoring Metrics Publisher'])
    description: 'Sending telemetry'
  }
}

resource operatorOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(vault.id, operatorPrincipalId, roleIds['Key Vault Crypto Officer'])
  scope: vault
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds['Key Vault Crypto Officer'])
    description: 'Rotating and retiring keys'
  }
}
