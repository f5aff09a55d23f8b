@description('Name of the app.')
param name string

@description('Where it is.')
param location string

@description('Tags of the environment, and the one by which azd finds the app.')
param tags object

@description('The plan it runs on.')
param planId string

@description('Resource id of its identity.')
param identityId string

@description('Client id of its identity.')
param identityClientId string

@description('Name of the Application Insights component.')
param componentName string

@description('Blob endpoint of the storage account.')
param blobUri string

@description('Queue endpoint of the storage account.')
param queueUri string

@description('Table endpoint of the storage account.')
param tableUri string

@description('The container of the app\'s package.')
param packageUrl string

@description('Memory of an instance.')
param instanceMemoryMB int

@description('How far it scales out.')
param maximumInstanceCount int

@description('Instances that are always warm.')
param alwaysReadyInstances int

@description('WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED, or empty.')
param dotnetPlaceholder string

@description('The settings of the service itself.')
param serviceSettings array

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

var platformSettings = [
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: identityClientId }
  { name: 'AzureWebJobsStorage__blobServiceUri', value: blobUri }
  { name: 'AzureWebJobsStorage__queueServiceUri', value: queueUri }
  { name: 'AzureWebJobsStorage__tableServiceUri', value: tableUri }
  { name: 'AzureWebJobsDisableHomepage', value: 'true' }
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: component.properties.ConnectionString }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identityClientId};Authorization=AAD' }
  { name: 'AZURE_CLIENT_ID', value: identityClientId }
  // The collector's least budget goes by the processor's cache, which on a large machine is many instances'. With 4 MB an instance takes a
  // quarter less memory (docs/benchmarks.md).
  { name: 'DOTNET_GCgen0size', value: '0x400000' }
]
var placeholderSettings = empty(dotnetPlaceholder) ? [] : [{ name: 'WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED', value: dotnetPlaceholder }]

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: planId
    httpsOnly: true
    clientAffinityEnabled: false
    // Whose name references to the vault's secrets are looked up in.
    keyVaultReferenceIdentity: identityId
    // Closes /admin even to the host's master key.
    functionsRuntimeAdminIsolationEnabled: true
    // Managed certificates on Flex Consumption need it, and it can be said only when the app is made.
    siteScopedCertificatesEnabled: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
      }
    }
    // No platform CORS: the service answers preflights, site by site.
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      appSettings: concat(platformSettings, placeholderSettings, serviceSettings)
    }
  }
}

// Deployment is by identity; no publishing password works.
resource scmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'scm'
  properties: {
    allow: false
  }
}

resource ftpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'ftp'
  properties: {
    allow: false
  }
}

output name string = site.name
output hostName string = site.properties.defaultHostName
// The value of the public TXT record asuid.{host}, which shows that the domain's owner means this subscription.
output domainVerification string = site.properties.customDomainVerificationId
