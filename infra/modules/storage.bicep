@description('Name of the account.')
param name string

@description('Where it is.')
param location string

@description('Tags of the environment.')
param tags object

@description('How it is copied.')
param sku string

var packageContainer = 'app-package'

// As in functions/Storage/TableNames.cs. The service makes no tables: its role is for rows.
var tableNames = [
  'ClientAssertions'
  'DataProtection'
  'DeviceCodes'
  'DpopProofs'
  'Outbox'
  'PendingRegistrations'
  'PushedRequests'
  'SigningKeys'
  'Throttle'
  'UserEmails'
  'Users'
]

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    // An account key reads every row and cannot be told apart in a log: there is none that works.
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: packageContainer
  properties: {
    publicAccess: 'None'
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [for tableName in tableNames: {
  parent: tableService
  name: tableName
}]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

// As in functions/Storage/QueueNames.cs; what fails five times lies in the second.
resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for queueName in ['outbox', 'outbox-poison']: {
  parent: queueService
  name: queueName
}]

output name string = account.name
output blobUri string = account.properties.primaryEndpoints.blob
output queueUri string = account.properties.primaryEndpoints.queue
output tableUri string = account.properties.primaryEndpoints.table
output packageUrl string = '${account.properties.primaryEndpoints.blob}${packageContainer}'
