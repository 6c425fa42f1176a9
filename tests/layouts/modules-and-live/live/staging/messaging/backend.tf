terraform {
  backend "s3" {
    bucket       = "acme-staging-state"
    key          = "messaging/terraform.tfstate"
    region       = "eu-central-1"
    use_lockfile = true
  }
}
