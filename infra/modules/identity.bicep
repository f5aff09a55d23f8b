@description('Name of the identity.')
param name string

@description('Where it is.')
param location string

@description('Tags of the environment.')
param tags object

// Of its own rather than the site's: it has its roles before the site exists.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
