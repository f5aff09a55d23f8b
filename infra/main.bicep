targetScope = 'subscription'

import { clientType, clientsSettings, mailSettings, mailType, one, resourcesSettings, resourcesType, servedOr, sitesSettings, sitesType } from 'settings.bicep'

@description('The azd environment: part of the resource group\'s name, tagged on everything, and, with the subscription and the location, the seed of every other name.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Where everything is. Flex Consumption must be offered there.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Object id of whoever may rotate and retire the keys; azd gives the one who deploys. Empty: nobody but the service gets a role.')
param principalId string = ''

@description('What principalId is: a pipeline deploys as ServicePrincipal.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

@description('The root domains, by name. Empty: one site, on the host name that Azure gives the app.')
param sites sitesType = {}

@description('The OAuth clients.')
param clients clientType[] = []

@description('The APIs that tokens may be for, by name.')
param resources resourcesType = {}

@description('Where tokens are signed: KeyVault (each signature in the vault) or KeyVaultWrapped (in the service, under keys that only the vault can unwrap).')
@allowed(['KeyVault', 'KeyVaultWrapped'])
param keySource string = 'KeyVault'

@description('The mail server. Without one no mail is sent: nobody can confirm an address or reset a password.')
param mail mailType?

@description('Whether an address must be confirmed before it has an account. It needs a mail server.')
param confirmEmail bool = mail != null

@description('When a person is asked before a session moves to another root domain.')
@allowed(['Never', 'WhenUnprompted', 'Always'])
param handoffConfirm string = 'WhenUnprompted'

@description('Memory of an instance, and with it its cores: 512 MB has a quarter, 2048 one, 4096 two. Hashing a password takes a core for a while.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('How far the app scales out, and so what an attack can cost.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Instances that are always warm, and always billed. 0: the app scales to zero, and the first request waits for a start.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

@description('WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED: empty leaves it to the platform; 0 starts slower and avoids a crash of the placeholder that is reported for .NET 10 (azure-functions-dotnet-worker 3335).')
@allowed(['', '0', '1'])
param dotnetPlaceholder string = ''

@description('How storage is copied: LRS within a data centre, ZRS across the zones of a region, GRS and GZRS to a second region too.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Whether a deleted vault can be destroyed only by the passing of its 90 days. It cannot be turned off again; off is for trials.')
param purgeProtection bool = true

@description('Gigabytes of logs a day after which no more are taken in, and none billed, until the next day.')
@minValue(1)
param dailyLogCapGB int = 1

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var siteName = 'func-auth-${token}'
var platformOrigin = 'https://${siteName}.azurewebsites.net'
var servedSites = servedOr(sites, platformOrigin)
var customDomains = filter(items(servedSites), item => (item.value.?domain != null))

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-auth-${token}'
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'stauth${token}'
    location: location
    tags: tags
    sku: storageSku
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    name: 'kv-auth-${token}'
    location: location
    tags: tags
    purgeProtection: purgeProtection
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-auth-${token}'
    componentName: 'appi-auth-${token}'
    location: location
    tags: tags
    dailyCapGB: dailyLogCapGB
  }
}

module plan 'modules/plan.bicep' = {
  name: 'plan'
  scope: group
  params: {
    name: 'plan-auth-${token}'
    location: location
    tags: tags
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    servicePrincipalId: identity.outputs.principalId
    operatorPrincipalId: principalId
    operatorPrincipalType: principalType
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    signingKeyName: vault.outputs.signingKeyName
    componentName: monitoring.outputs.componentName
  }
}

module site 'modules/site.bicep' = {
  name: 'site'
  scope: group
  params: {
    name: siteName
    location: location
    tags: union(tags, { 'azd-service-name': 'auth' })
    planId: plan.outputs.id
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    componentName: monitoring.outputs.componentName
    blobUri: storage.outputs.blobUri
    queueUri: storage.outputs.queueUri
    tableUri: storage.outputs.tableUri
    packageUrl: storage.outputs.packageUrl
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    dotnetPlaceholder: dotnetPlaceholder
    serviceSettings: concat(
      one('Storage__TableUri', storage.outputs.tableUri),
      one('Storage__QueueUri', storage.outputs.queueUri),
      one('Keys__Source', keySource),
      one('Keys__VaultUri', vault.outputs.uri),
      one('Keys__SigningKeyName', vault.outputs.signingKeyName),
      one('Keys__WrappingKeyName', vault.outputs.wrappingKeyName),
      one('ClientAddress__Header', 'CLIENT-IP'),
      one('Accounts__ConfirmEmail', confirmEmail ? 'true' : 'false'),
      one('Handoff__Confirm', handoffConfirm),
      mailSettings(mail, vault.outputs.uri),
      sitesSettings(servedSites),
      resourcesSettings(resources),
      clientsSettings(clients)
    )
  }
  // A new role takes a while to be believed everywhere; an app that starts without its roles finds no package and says so nowhere.
  dependsOn: [roles]
}

// The second step of docs/deploy.md, once DNS points here.
module domains 'modules/domains.bicep' = if (!empty(customDomains)) {
  name: 'domains'
  scope: group
  params: {
    siteName: site.outputs.name
    location: location
    tags: tags
    hosts: map(customDomains, item => (replace(item.value.issuer, 'https://', '')))
    newHosts: map(filter(customDomains, item => (item.value.?domain == 'bind')), item => (replace(item.value.issuer, 'https://', '')))
  }
}

// azd writes every output to the environment's file and to the user secrets of whoever deploys: none of them is a secret.
output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_AUTH_NAME string = site.outputs.name
output SERVICE_AUTH_ENDPOINTS array = [platformOrigin]
output AUTH_ISSUERS array = map(items(servedSites), item => (item.value.issuer))
output AUTH_VAULT_URI string = vault.outputs.uri
output AUTH_TABLE_URI string = storage.outputs.tableUri
output AUTH_DNS_CNAME string = site.outputs.hostName
output AUTH_DNS_TXT_ASUID string = site.outputs.domainVerification
